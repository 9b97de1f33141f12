"""Which epoch was the best, and whether patience is over."""

from autograd import Value
from nn import History
from nn.training.early_stopping import Best


def after(losses, leaf):
    """Go through epochs with these losses, of which each leaves the epoch's number in a leaf."""
    history, best = History(loss=[]), Best()
    for epoch, loss in enumerate(losses, start=1):
        leaf.data = float(epoch)
        history.add({"loss": loss})
        best = best.or_last(history, {"w": leaf})
    return history, best


def test_the_best_epoch_is_the_first_of_the_lowest_loss():
    history, best = after([3.0, 1.0, 2.0, 1.0], Value(0.0))
    assert (best.epoch, best.loss) == (2, 1.0)
    assert best.epoch == history.best + 1


def test_validation_decides_where_there_is_one():
    history = History(loss=[2.0], val_loss=[5.0])
    assert Best().or_last(history, {}).loss == 5.0


def test_its_weights_are_put_back_where_the_model_still_has_them():
    leaf = Value(0.0)
    _, best = after([3.0, 1.0, 2.0], leaf)
    best.put_back({"other": Value(7.0)})
    assert leaf.data == 3.0
    best.put_back({"w": leaf})
    assert leaf.data == 2.0


def test_patience_is_over_after_so_many_epochs_without_a_lower_loss():
    history, best = after([3.0, 1.0, 2.0, 2.0], Value(0.0))
    assert best.is_too_long_ago(history, 2)
    assert not best.is_too_long_ago(history, 3)
    assert not best.is_too_long_ago(history, None)


def test_a_loss_that_is_no_number_is_never_the_best():
    _, best = after([float("nan"), 4.0], Value(0.0))
    assert best.epoch == 2
