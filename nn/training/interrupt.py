"""Ctrl-C comes at any moment; training ends at the next one where the model is whole."""

import signal
import threading
from types import FrameType
from typing import Self


class Interrupt:
    """Notes Ctrl-C instead of raising KeyboardInterrupt; a second one does raise.

    Attributes
    ----------
    came : bool
    """

    def __enter__(self) -> Self:
        self.came = False
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

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.came:
            raise KeyboardInterrupt
        self.came = True
