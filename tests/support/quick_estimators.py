"""How estimators are trained in little time, and without an end of their own."""

import pytest

pytest.importorskip("sklearn")

QUICK = {"hidden_layer_sizes": [20], "max_iter": 60, "learning_rate_init": 0.02, "batch_size": 50}
ALL = {"n_iter_no_change": 10**6}  # nothing ends training but max_iter
unfinished = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
