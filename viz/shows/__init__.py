"""What objects show in a cell of a notebook, whether it was started before `viz` or after."""

from .painters import register

__all__ = ["register"]
