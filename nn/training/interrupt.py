"""Ctrl-C comes at any moment; training ends at the next one where the model is whole."""

import signal
import threading
from types import FrameType
from typing import Self


class Interrupt:
    """Notes Ctrl-C, and raises KeyboardInterrupt when it is asked; the second time at once.

    Attributes
    ----------
    was_repeated : bool
    """

    def __enter__(self) -> Self:
        self._came = self.was_repeated = False
        self._is_ours = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if self._is_ours:
            signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def check(self) -> None:
        """Raise KeyboardInterrupt if Ctrl-C was noted."""
        if self._came:
            raise KeyboardInterrupt

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.was_repeated = self._came
        self.check()
        self._came = True
