"""What can be worked with: steppers and playgrounds, as pages and as widgets."""

from .playground import Playground, playground
from .stepper import Stepper, step

__all__ = ["Playground", "Stepper", "playground", "step"]
