"""Who takes part in a benchmark: each contestant is a function, registered by name."""

import os
from importlib.util import find_spec


class Contestants(dict):
    """Functions by name, in the order in which they were written; those that can run.

    Examples
    --------
    >>> contestants = Contestants()
    >>> @contestants("by hand")
    ... def by_hand(): ...
    >>> @contestants("x", needs=["a_package_of_no_one"])
    ... def x(): ...
    >>> list(contestants), contestants.absent
    (['by hand'], {'x': ['a_package_of_no_one']})
    """

    def __init__(self):
        self.needs = {}
        self.absent = {}

    def __call__(self, name, needs=()):
        """Register the function below, if the packages it needs are installed."""

        def register(function):
            missing = [package for package in needs if find_spec(package) is None]
            if missing:
                self.absent[name] = missing
            else:
                self[name], self.needs[name] = function, needs
            return function

        return register

    def say_who_is_absent(self):
        for name, missing in self.absent.items():
            print(f"left out: {name}, for {' and '.join(missing)} is not installed")


def use_one_thread():
    """Let everyone compute on one core; call it before the first computation."""
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    for library in "OMP", "OPENBLAS", "MKL":
        os.environ[f"{library}_NUM_THREADS"] = "1"
    if find_spec("threadpoolctl"):  # it comes with scikit-learn
        from threadpoolctl import threadpool_limits

        threadpool_limits(1)
