"""What was found before training, and what was looked at."""

from autograd.showing import bundle


class Preflight:
    """Says what `check` found; it is true where there is nothing to say.

    Attributes
    ----------
    findings : list of str
        What does not fit, with numbers, limits and a way out.
    facts : dict of str to str
        What was looked at: the loss, shapes, where the loss starts, what one batch showed.

    Examples
    --------
    >>> report = Preflight()
    >>> bool(report)
    True
    >>> report.facts["loss"] = "mse_loss (guessed)"
    >>> report.findings.append("All targets are 3: there is nothing to learn.")
    >>> bool(report), report
    (False, 1 finding
    - All targets are 3: there is nothing to learn.
    loss: mse_loss (guessed))
    """

    def __init__(self) -> None:
        self.findings: list[str] = []
        self.facts: dict[str, str] = {}

    def __bool__(self) -> bool:
        return not self.findings

    _repr_mimebundle_ = bundle

    def __repr__(self) -> str:
        count = len(self.findings)
        lines = [f"{count} finding{'s' * (count > 1)}" if count else "nothing to say"]
        lines += [f"- {words}" for words in self.findings]
        return "\n".join([*lines, *(f"{name}: {words}" for name, words in self.facts.items())])
