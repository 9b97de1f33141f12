"""What a training step costs in the demo micrograd is known for, on scalars and on arrays."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from moons import SHAPES, STEPS, contestants
from peers import use_one_thread
from sklearn.datasets import make_moons

TURNS, COLD_TURNS = 5, 3
PATIENCE = {"micrograd": 2, "stepgrad eager": 5}  # steps a turn, of who is slow


class Process:
    """A contestant in a process of its own."""

    def __init__(self, name, given, **variables):
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("moons.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **variables},
        )
        print(given, file=self.process.stdin, flush=True)

    def turn(self, steps):
        print(steps, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.communicate()


def check(losses, right):
    """Make sure that a contestant computed what micrograd computes."""
    for found, expected in zip(losses, right, strict=False):
        assert abs(found / expected - 1) < 1e-6, (found, expected)


def steps(given, right):
    """Print what a step costs; give the medians."""
    processes = {name: Process(name, given) for name in contestants}
    times = {name: [] for name in contestants}
    for _ in range(TURNS):
        answers = {
            name: process.turn(PATIENCE.get(name, STEPS)) for name, process in processes.items()
        }
        for name, answer in answers.items():
            check(answer["losses"], right)
            times[name].append(median(answer["seconds"]))
    for process in processes.values():
        process.end()
    hand = times["NumPy by hand"]
    print(f"a step: medians of {TURNS} turns of {STEPS} steps (micrograd: {PATIENCE['micrograd']})")
    print(f"{'':16}{'ms':>10}{'min..max':>20}{'of NumPy by hand':>18}")
    for name, turns in times.items():
        spread = f"{min(turns) * 1e3:.3f}..{max(turns) * 1e3:.3f}"
        share = median(a / b for a, b in zip(turns, hand, strict=True))
        print(f"{name:16}{median(turns) * 1e3:10.3f}{spread:>20}{share:17.2f}x")
    return {name: median(turns) for name, turns in times.items()}


def cold(given, right):
    """Print what all steps cost who starts from nothing: imports, recording, compiling."""
    runs = {name: (name, []) for name in contestants if name not in PATIENCE}
    if "tape, numba" in runs:
        runs["numba, no cache"] = ("tape, numba", ["XDG_CACHE_HOME", "NUMBA_CACHE_DIR"])
    times = {name: [] for name in runs}
    for _ in range(COLD_TURNS):
        for label, (name, folders) in runs.items():
            with tempfile.TemporaryDirectory() as empty:
                start = perf_counter()
                process = Process(name, given, **dict.fromkeys(folders, empty))
                answer = process.turn(STEPS)
                process.end()
                times[label].append((perf_counter() - start, answer["after imports"]))
            check(answer["losses"], right)
    print(f"{STEPS} steps in all, from the start of a process to its end; {COLD_TURNS} turns")
    print(f"{'':16}{'ms':>10}{'after imports':>20}")
    for label, turns in times.items():
        whole, after = map(median, zip(*turns, strict=True))
        print(f"{label:16}{whole * 1e3:10.0f}{after * 1e3:20.0f}")
    return {label: median(whole for whole, _ in turns) for label, turns in times.items()}


def problem():
    """Give samples, labels and initial weights, as lists."""
    X, y = make_moons(n_samples=100, noise=0.1, random_state=1)
    count = sum(rows * columns for rows, columns in SHAPES)
    weights = np.random.default_rng(1).uniform(-1, 1, count)
    return X.tolist(), (2 * y - 1).tolist(), weights.tolist()


def main():
    """Print both tables, and ratios between those who are installed."""
    use_one_thread()  # so do the processes that are started from here
    given = problem()
    step = contestants["NumPy by hand"](*given)
    right = [step(k) for k in range(STEPS)]
    print("W2: two moons, MLP 2-16-16-1, hinge loss, full batches of 100")
    contestants.say_who_is_absent()
    warm, whole = steps(json.dumps(given), right), cold(json.dumps(given), right)
    tape = "tape, numba" if "tape, numba" in warm else "tape, numpy"
    if "casadi VM" in whole:
        share = whole["tape, auto"] / whole["casadi VM"]
        print(f"in all from a cold process: tape, auto {share:.2f}x casadi VM")
    if "micrograd" in warm:
        times = warm["micrograd"] / warm["tape, numpy"]
        print(f"a step: tape, numpy is {times:.0f} times as fast as micrograd")
    print(f"ratio {warm[tape] / warm['NumPy by hand']:.2f}x: {tape}, of NumPy by hand")


if __name__ == "__main__":
    main()
