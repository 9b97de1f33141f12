"""What drawn graphs reach: each row, a factor of 1.001 in each rule, and the smallest program."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from statistics import median
from time import process_time

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.errors import NoSuchExample

from autograd import Each, GradientError, check_gradients, flat
from autograd.ops.op import Op, _table
from autograd.strategies import ROWS, graphs

FACTOR, SEEDS, MOST = 1.001, 20, 200
quiet = settings(
    deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)


def reached(examples: int, number: int) -> dict[str, int]:
    """Name the rows that lead to an output, with the number of the example that was the first."""
    found, drawn = {}, []

    @seed(number)
    @settings(quiet, max_examples=examples)
    @given(graphs(tensors=True))
    def draw(program):
        drawn.append(program)
        for call in program.instructions:
            found.setdefault(call.op, len(drawn))

    draw()
    return found


def rules() -> Iterator[tuple[Op, int]]:
    """Name the rules that pass a gradient, by row and operand."""
    for op in ROWS:
        for place in range(op.arity or 1):
            if op.vjps[place] not in (None, flat):
                yield op, place


@contextmanager
def planted(op: Op, place: int) -> Iterator[Op]:
    """Put a row into the table, of which one rule is wrong by a factor."""
    wrong = object.__new__(Op)
    wrong.__dict__.update(vars(op), vjps=_wrong_rules(op, place), written=())
    _table[op.name] = wrong
    try:
        yield wrong
    finally:
        _table[op.name] = op


def _wrong_rules(op, place):
    if op.arity is None:
        return Each(lambda i, *args, **params: op.vjps[i](*args, **params) * FACTOR)

    def rule(*args, **params):
        slope = op.vjps[place](*args, **params)
        return None if slope is None else slope * FACTOR

    return (*op.vjps[:place], rule, *op.vjps[place + 1 :])


def is_blamed(op: Op, program) -> bool:
    """Whether a check finds a mistake, and says that it is of this op."""
    try:
        check_gradients(program, *program.inputs)
    except GradientError as error:
        return f" {op.name}: " in str(error)
    return False


def examples_until_found(op: Op, number: int) -> int | None:
    """Count the examples that it takes until an op is blamed."""
    tried = []

    def blamed(program):
        tried.append(program)
        return is_blamed(op, program)

    try:
        how = settings(quiet, max_examples=MOST)
        find(graphs(must=op, tensors=True), blamed, settings=how, random=Random(number))
    except NoSuchExample:
        return None
    return len(tried)


def shrunk(op: Op, number: int, **how_drawn):
    """Give the smallest program in which an op is blamed, and the CPU seconds that it took."""
    began = []

    def blamed(program):
        found = is_blamed(op, program)
        if found and not began:
            began.append(process_time())
        return found

    how = settings(quiet, max_examples=2000, phases=[Phase.generate, Phase.shrink])
    drawn = graphs(tensors=True, **how_drawn)
    program = find(drawn, blamed, settings=how, random=Random(number))
    return program, process_time() - began[0]


def main() -> None:
    """Print what is reached, how soon mistakes are found, and how small programs become."""
    for number in range(3):
        found = reached(1000, number)
        missing = {op.name for op in ROWS} - set(found)
        last = max(found, key=found.get)
        print(
            f"seed {number}: {len(found)} of {len(ROWS)} rows; the last, {last}, in {found[last]}"
        )
        print(f"  not reached: {', '.join(missing) or 'none'}")
    places = []
    ends = {"must": [], "rows": []}  # of programs that must hold the op, and of any
    for op, place in rules():
        with planted(op, place) as wrong:
            counts = [examples_until_found(wrong, number) for number in range(SEEDS)]
            rows = dict.fromkeys([*ROWS[::8], wrong])  # of all, it takes long to meet this one
            for how, value in (("must", wrong), ("rows", rows)):
                program, took = shrunk(wrong, 0, **{how: value})
                ends[how].append((len(program.instructions), took))
        hits = [count for count in counts if count]
        places.append(len(hits))
        told = ", ".join(
            f"{how}=: {calls} in {took:.1f}" for how, [*_, (calls, took)] in ends.items()
        )
        print(
            f"{op.name:18}rule {place}: found in {len(hits)} of {SEEDS} seeds, after "
            f"{median(hits) if hits else 0:g} examples, {max(hits, default=0)} at most; "
            f"shrunk to calls, in CPU seconds: {told}",
            flush=True,
        )
    enough = sum(count >= SEEDS - 1 for count in places) / len(places)
    print(f"{len(places)} rules, each found in {min(places)} of {SEEDS} seeds or more")
    for how, found in ends.items():
        alone, slowest = sum(calls == 1 for calls, _ in found), max(took for _, took in found)
        print(f"graphs({how}=): {alone} shrunk to one call, the slowest in {slowest:.1f} CPU s")
    print(f"ratio {enough:.3f}: rules that are found in {SEEDS - 1} of {SEEDS} seeds")


if __name__ == "__main__":
    main()
