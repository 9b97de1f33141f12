"""Networks behave as estimators of scikit-learn do, and learn as well as its own."""

import pytest

pytest.importorskip("sklearn")

from sklearn.utils.estimator_checks import parametrize_with_checks

from nn import MLPClassifier, MLPRegressor

QUICK = {"hidden_layer_sizes": [20], "max_iter": 60, "learning_rate_init": 0.02, "batch_size": 50}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks([MLPClassifier(**QUICK), MLPRegressor(**QUICK)])
def test_scikit_learn_has_no_objection(estimator, check):
    check(estimator)
