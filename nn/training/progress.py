"""A bar shows how far training is, in notebooks and terminals."""

import sys
from typing import Any

from .history import History
from .session import Session


def bar(session: Session, show: bool | None) -> Any:
    """Make a bar of all updates of a training, some of which may be done."""
    from tqdm.auto import tqdm  # here, for it takes longer to import than all of this package

    if show is None:
        show = "ipykernel" in sys.modules or sys.stderr.isatty()
    return tqdm(
        total=session.epochs * session.updates_an_epoch,
        initial=session.history.updates,
        disable=not show,
        desc=type(session.model).__name__,
        unit=" updates",
    )


def tell(shown: Any, history: History) -> None:
    """Write the last epoch beside a bar."""
    if not shown.disable:
        numbers = ", ".join(f"{name} {curve[-1]:.3g}" for name, curve in history.items())
        shown.set_postfix_str(f"epoch {history.epochs}: {numbers}", refresh=False)
