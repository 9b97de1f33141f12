"""A bar shows how far training is, in notebooks and terminals."""

import os
import sys
from typing import Any

from autograd import texts

from .loop import Run


def bar(run: Run, show: bool | None) -> Any:
    """Make a bar of all updates of a training, some of which may be done."""
    from tqdm.auto import tqdm  # here, for it takes longer to import than all of this package

    if show is None:
        is_watched = "ipykernel" in sys.modules or sys.stderr.isatty()
        show = is_watched and not os.environ.get("TQDM_DISABLE")  # which tqdm's widget overlooks
    return tqdm(
        total=run.how.epochs * run.updates_an_epoch,
        initial=run.history.updates,
        disable=not show,
        desc=_place(run),
        bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}",
    )


def tell(shown: Any, run: Run) -> None:
    """Write the last epoch beside a bar."""
    if not shown.disable:
        numbers = {texts.shown(name): f"{curve[-1]:.3g}" for name, curve in run.history.items()}
        shown.set_description_str(_place(run), refresh=False)
        shown.set_postfix_str(", ".join(map(" ".join, numbers.items())), refresh=False)


def complete(shown: Any) -> None:
    """Let a bar be full where training ended early: notebooks make others red, as of an error."""
    shown.total = shown.n
    shown.refresh()


def _place(run: Run) -> str:
    return f"epoch {run.history.epochs}/{run.how.epochs}"
