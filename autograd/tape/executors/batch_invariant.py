"""Computes what is the same for all samples of a batch, number by number."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...ops import Params, domain_error
from ..program import Code


class Once:
    """The lines of a code that no input of a batch reaches.

    Parameters
    ----------
    code : Code
        Of Values.
    batched : sequence of bool
        Which inputs differ between samples.

    Attributes
    ----------
    varying : set of int
        Slots that differ between samples.
    """

    def __init__(self, code: Code, batched: Sequence[bool]) -> None:
        self._code = code
        self.varying = {slot for slot, differs in enumerate(batched) if differs}
        self._lines: list[tuple[Any, tuple[int, ...], Params, int]] = []
        for slot, (op, operands, params) in enumerate(code.lines, start=code.first_line):
            if self.varying.isdisjoint(operands):
                self._lines.append((op.scalar, operands, params, slot))
            else:
                self.varying.add(slot)

    def run(self, inputs: list[Any], leaves: Any) -> list[Any]:
        """Give what all slots hold; None where it differs between samples.

        Raises
        ------
        DomainError
            If an op has no value there.
        """
        code = self._code
        floats = leaves.tolist() if isinstance(leaves, np.ndarray) else leaves
        values: list[Any] = [*inputs, *floats, *code.constants, *[None] * len(code.lines)]
        slot = 0
        try:
            for scalar, operands, params, slot in self._lines:
                if len(operands) == 2 and not params:  # nearly always
                    a, b = operands
                    values[slot] = scalar(values[a], values[b])
                else:
                    values[slot] = scalar(*[values[x] for x in operands], **params)
        except (ArithmeticError, ValueError) as error:
            line = code.lines[slot - code.first_line]
            raise domain_error(line.op, tuple(values[x] for x in line.operands), error) from None
        return values
