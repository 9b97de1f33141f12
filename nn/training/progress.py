"""A bar shows how far training is, in notebooks and terminals."""

import sys
from typing import Any

from .session import Session


def bar(session: Session, show: bool | None) -> Any:
    """Make a bar of all updates of a training, some of which may be done."""
    from tqdm.auto import tqdm  # here, for it takes longer to import than all of this package

    if show is None:
        show = "ipykernel" in sys.modules or sys.stderr.isatty()
    return tqdm(
        total=session.how.epochs * session.updates_an_epoch,
        initial=session.history.updates,
        disable=not show,
        desc=_place(session),
        bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}",
    )


def tell(shown: Any, session: Session) -> None:
    """Write the last epoch beside a bar."""
    if not shown.disable:
        numbers = {name: f"{curve[-1]:.3g}" for name, curve in session.history.items()}
        shown.set_description_str(_place(session), refresh=False)
        shown.set_postfix_str(", ".join(map(" ".join, numbers.items())), refresh=False)


def _place(session: Session) -> str:
    return f"epoch {session.history.epochs}/{session.how.epochs}"
