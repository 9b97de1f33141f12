"""Reads pickles in a process that has imported nothing yet, and writes down all that is in them."""

import copyreg
import io
import pickle
import pickletools
import sys
from pathlib import Path

import numpy as np

PACKAGES = ("autograd", "nn", "viz")


def described(x, seen=None):
    """Write down what an object consists of, so that equal ones, and no others, look the same."""
    seen = {} if seen is None else seen
    if isinstance(x, type) or (callable(x) and hasattr(x, "__qualname__")):
        return f"{x.__qualname__}"
    if isinstance(x, str | bytes | int | float | complex | slice | np.dtype | type(None)):
        return repr(x)
    if id(x) in seen:
        return f"as {seen[id(x)][0]}"
    seen[id(x)] = len(seen), x
    if isinstance(x, np.ndarray):
        return f"{x.dtype} {x.shape} {x.tobytes().hex()}"
    if isinstance(x, dict) and type(x) is dict:
        return ["dict", *[described(pair, seen) for pair in x.items()]]
    if type(x) in (list, tuple, set, frozenset):
        return [type(x).__name__, *[described(part, seen) for part in x]]
    reduced = x.__reduce_ex__(2)
    if isinstance(reduced, str):
        return reduced
    make, args, state, items, pairs, *_ = (*reduced, None, None, None)
    start = [type(x)] if make is copyreg.__newobj__ else [make]
    return [
        type(x).__qualname__,
        described([*start, *args], seen),
        described(state, seen),
        described(list(items or ()), seen),
        described(list(pairs or ()), seen),
    ]


class Reader(pickle.Unpickler):
    """Reads a pickle, and notes the modules that it names."""

    def __init__(self, text):
        super().__init__(io.BytesIO(text))
        words = [x for _, x, _ in pickletools.genops(text) if isinstance(x, str)]
        # What `autograd.pickles` is to find stands there as a text.
        self.named = {x for x in words if x.split(".")[0] in PACKAGES and " " not in x}

    def find_class(self, module, name):
        self.named.add(module)
        return super().find_class(module, name)


if __name__ == "__main__":
    read, written = map(Path, sys.argv[1:])
    texts = pickle.loads(read.read_bytes())
    again = {key: described(pickle.loads(text)) for key, text in texts.items()}
    written.write_bytes(pickle.dumps(again))
