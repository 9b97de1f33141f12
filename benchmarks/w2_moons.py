"""What a training step costs in the demo micrograd is known for, beside micrograd."""

import json
import subprocess
import sys
from importlib import import_module
from statistics import median
from time import perf_counter

import numpy as np

ENGINES = {"micrograd": ("micrograd.engine", "micrograd.nn"), "stepgrad": ("autograd", "nn")}
STEPS = 100
SHARED_STEPS = 5  # as many as one has the patience to see micrograd do


def train(steps=STEPS, engine="stepgrad"):
    """Train for some steps; give the loss of each and the accuracy at the last, from 0 to 1."""
    start = prepare(engine)
    results = [step(k, *start) for k in range(steps)]
    return [loss for loss, _ in results], results[-1][1]


def prepare(engine):
    """Give an engine's Value class and its model, which has the same weights in every engine."""
    from sklearn.datasets import make_moons

    values, networks = map(import_module, ENGINES[engine])
    model = networks.MLP(2, [16, 16, 1])
    weights = np.random.default_rng(1).uniform(-1, 1, len(model.parameters()))
    for p, weight in zip(model.parameters(), weights.tolist(), strict=True):
        p.data = weight
    X, y = make_moons(n_samples=100, noise=0.1, random_state=1)
    return values.Value, model, X.tolist(), (2 * y - 1).tolist()


def step(k, value, model, X, y):
    """Do full-batch step `k` in any engine; give the loss and the accuracy before it."""
    scores = [model([value(number) for number in row]) for row in X]
    losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
    loss = sum(losses) * (1 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= (1.0 - 0.9 * k / STEPS) * p.grad
    right = [(score.data > 0) == (yi > 0) for yi, score in zip(y, scores, strict=True)]
    return loss.data, sum(right) / len(right)


def serve(engine):
    """Do a step for every line that comes in; answer with its seconds, loss and accuracy."""
    start = prepare(engine)
    for k, _ in enumerate(sys.stdin):
        before = perf_counter()
        loss, accuracy = step(k, *start)
        print(json.dumps([perf_counter() - before, loss, accuracy]), flush=True)


def main():
    """Give each engine a process, let them take turns and print what came of it."""
    processes = {
        engine: subprocess.Popen(
            [sys.executable, __file__, engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for engine in ENGINES
    }
    answers = {engine: [] for engine in ENGINES}
    for k in range(STEPS):
        for engine, process in processes.items():
            if k < SHARED_STEPS or engine == "stepgrad":
                print(file=process.stdin, flush=True)
                answers[engine].append(json.loads(process.stdout.readline()))
    for process in processes.values():
        process.communicate()

    print("W2: two moons, MLP 2-16-16-1, hinge loss, full batches of 100")
    print(f"{'':12}{'steps':>6}{'ms a step':>11}{'loss':>10}{'accuracy':>10}")
    for engine, rows in answers.items():
        seconds, losses, accuracies = zip(*rows, strict=True)
        print(
            f"{engine:12}{len(rows):6}{median(seconds) * 1e3:11.1f}"
            f"{losses[-1]:10.2g}{accuracies[-1]:10.0%}"
        )
    pairs = list(zip(answers["micrograd"], answers["stepgrad"], strict=False))
    apart = max(abs(ours[1] / theirs[1] - 1) for theirs, ours in pairs)
    print(f"losses differ by at most {apart:.0e}")
    print(f"ratio {median(theirs[0] / ours[0] for theirs, ours in pairs):.2f}x")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(sys.argv[1])
    else:
        main()
