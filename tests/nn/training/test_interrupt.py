"""Ctrl-C ends training where the model is whole, and comes through if it is pressed again."""

import os
import signal
import threading

import numpy as np
import pytest
from trainings import close, fitted, network, table

import nn
from autograd import Tensor
from nn.training.interrupt import Interrupt
from nn.training.loop import Run


def interrupting(loss, calls):
    """Send Ctrl-C while the loss of so many calls is computed."""
    left = [calls]

    def interrupted(prediction, target):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGINT)
        if isinstance(prediction, Tensor) and prediction.op is not None:
            prediction.data.sum()  # it is read, so there is no tape
        return loss(prediction, target)

    return interrupted


def test_control_c_ends_it_after_the_step_and_keeps_model_and_history():
    model, reference = network(), network()
    loss = interrupting(nn.mse_loss, 5)
    history = fitted(model, epochs=100, batch_size=8, loss=loss)
    assert history.reason == f"interrupted in epoch {history.epochs + 1}"
    assert history.updates == 5
    assert history.epochs == 1
    rng = np.random.default_rng(1)
    optimizer = nn.SGD(reference.parameters(), lr=0.05)
    X, y = table()
    order = np.concatenate([rng.permutation(23), rng.permutation(23)])
    for rows in (order[:8], order[8:16], order[16:23], order[23:31], order[31:39]):
        optimizer.zero_grad()
        nn.mse_loss(reference(X[rows]), y[rows]).backward()
        optimizer.step()
    close(model, reference, 1e-12)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not model.training


def test_control_c_while_the_model_is_tried_leaves_it_as_it_was(monkeypatch):
    def interrupted(run):
        os.kill(os.getpid(), signal.SIGINT)
        try_step(run)
        tried.append(run)

    model, tried, try_step = network(), [], Run._try_step
    before = model.state_dict()
    monkeypatch.setattr(Run, "_try_step", interrupted)
    history = fitted(model, epochs=100, batch_size=8)
    assert tried
    assert history.reason == "interrupted in epoch 1"
    assert (history.updates, history["loss"]) == (0, [])
    assert all((x == before[name]).all() for name, x in model.state_dict().items())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_control_c_counts_where_no_signal_was_sent():
    def stop(history):
        raise KeyboardInterrupt

    history = fitted(network(), epochs=5, callbacks=[stop])
    assert history.reason.startswith("interrupted")
    assert history.epochs == 1


def test_a_second_control_c_is_raised():
    def impatient(history):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        fitted(network(), epochs=5, callbacks=[impatient])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_works_in_a_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(fitted(network(), epochs=2)))
    thread.start()
    thread.join()
    assert found[0].epochs == 2


def test_somebody_elses_handler_stays():
    def handler(number, frame):
        came.append(number)

    came = []
    before = signal.signal(signal.SIGINT, handler)
    try:
        with Interrupt() as interrupt:
            assert signal.getsignal(signal.SIGINT) is handler
            os.kill(os.getpid(), signal.SIGINT)
            interrupt.check()
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert came == [signal.SIGINT]


def test_it_waits_to_be_asked():
    with Interrupt() as interrupt:
        interrupt.check()
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
        assert not interrupt.was_repeated
