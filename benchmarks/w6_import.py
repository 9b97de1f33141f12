"""How much longer than for ``import numpy`` one waits for Values, Tensors and ``grad``."""

import subprocess
import sys
from statistics import median
from time import perf_counter

STATEMENTS = (
    "pass",
    "import autograd",
    "import numpy",
    "from autograd import Value, Tensor, grad",
)
ROUNDS = 41


def milliseconds(statement):
    """Run one statement in a fresh interpreter, start and end included."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return (perf_counter() - start) * 1e3


if __name__ == "__main__":
    for statement in STATEMENTS:
        milliseconds(statement)  # from here on all is compiled and in the file cache
    rounds = [[milliseconds(statement) for statement in STATEMENTS] for _ in range(ROUNDS)]
    print("W6: a fresh interpreter")
    width = max(map(len, STATEMENTS))
    print(f"{'':{width}}{'ms':>8}{'over bare':>12}")
    for statement, times in zip(STATEMENTS, zip(*rounds, strict=True), strict=True):
        over = median(time - bare for time, (bare, *_) in zip(times, rounds, strict=True))
        print(f"{statement:{width}}{median(times):8.1f}{over:12.1f}")
    print(f"autograd over numpy {median(ours - numpy for *_, numpy, ours in rounds):.1f} ms")
