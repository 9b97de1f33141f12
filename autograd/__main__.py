"""Says which version this is, and in what Values are kept: ``python -m autograd``."""

from . import __version__
from .engine import IMPLEMENTATION

if __name__ == "__main__":
    print(f"stepgrad {__version__}: Values are kept in {IMPLEMENTATION}")
