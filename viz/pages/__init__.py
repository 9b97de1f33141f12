"""What can be worked with: steppers, as pages and as widgets."""

from .stepper import Stepper, step

__all__ = ["Stepper", "step"]
