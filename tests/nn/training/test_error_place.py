"""An error says in which epoch, batch and layer it came, and keeps its kind."""

import numpy as np
import pytest
from faulty_trainings import X, Y, with_one
from trainings import Line

import nn
from autograd import AutogradError, DomainError, ShapeError, log
from nn.training.error_place import located, said_at


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_the_batch_and_the_layer_are_named(batch):
    class Breaking(nn.Module):
        def __init__(self):
            self.first, self.second = nn.Linear(3, 4, rng=0), nn.Linear(4, 1, rng=1)

        def forward(self, x):
            return self.second(log(self.first(x) * 0 + (x[:, :1] + 100)))

    model = Breaking()
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    data = np.zeros((6, 3))
    order = np.random.default_rng(0).permutation(6)
    data[order[2 * (batch - 1)], 0] = -200
    with pytest.raises(AutogradError) as caught:
        nn.fit(
            model,
            (data, np.ones((6, 1))),
            loss=nn.mse_loss,
            optimizer=optimizer,
            batch_size=2,
            seed=0,
        )
    assert f"epoch 1, batch {batch}," in str(caught.value)
    assert "'second'" in str(caught.value)


def test_an_error_of_the_model_itself_keeps_its_kind_and_says_where():
    class Fragile(nn.Module):
        def __init__(self):
            self.linear = nn.Linear(3, 1, rng=0)

        def forward(self, x):
            if x.data.max() > 99:
                raise KeyError("gone")
            return self.linear(x)

    model = Fragile()
    data = with_one(X, (np.random.default_rng(0).permutation(20)[12], 0), 100.0)
    with pytest.raises(KeyError, match="gone") as caught:
        nn.fit(
            model, (data, Y), loss=nn.mse_loss, optimizer=nn.SGD(model.parameters(), lr=0.1),
            batch_size=5, seed=0,
        )  # fmt: skip
    assert "epoch 1, batch 3" in caught.value.__notes__[0]
    assert not model.training


@pytest.mark.filterwarnings("ignore::nn.HealthWarning")
def test_layers_that_give_several_tensors_do_not_hide_a_divergence():
    class Two(nn.Module):
        def forward(self, x):
            return x, x * x

    class Model(Line):
        def __init__(self):
            super().__init__(two=Two())

        def forward(self, x):
            a, b = self.two(self.linear(x))
            return a + b

    model = Model()
    optimizer = nn.SGD(model.parameters(), lr=1e30)
    with pytest.raises(ValueError, match=r"fit: epoch \d+, batch 1, layer 'linear'"):
        nn.fit(model, (X, Y), loss=nn.mse_loss, optimizer=optimizer, epochs=50)


def test_an_error_keeps_its_kind_and_what_it_says():
    for kind in (ShapeError, ValueError, TypeError):
        error = said_at("fit: epoch 2", kind("fit: it is wrong."), "Mend it.")
        assert type(error) is kind
        assert str(error) == "fit: epoch 2: it is wrong. Mend it."
    of_others = UnicodeDecodeError("utf-8", b"x", 0, 1, "no")  # it cannot be made of a message
    assert said_at("fit: epoch 2", of_others, "Mend it.") is of_others
    assert of_others.__notes__ == ["fit: epoch 2 Mend it."]


def test_of_values_the_last_layer_that_got_no_finite_gradient_is_named():
    model = nn.MLP(3, [2, 1], rng=0)
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    for neuron in model.layers[0].neurons:
        neuron.b.grad = np.inf
    found = str(located(DomainError("too large."), 3, 4, model, X, optimizer))
    assert found.startswith("fit: epoch 3, batch 4, at the latest in 'layers.0.neurons.1.b': too ")
    assert "A smaller rate than lr=0.5 may help" in found
    assert not any(p.reached for p in model.parameters())


@pytest.mark.parametrize("kind", ["tensors", "one feature", "two features", "values"])
def test_samples_of_single_numbers_are_made_rows_as_advised(kind):
    features = 2 if kind == "two features" else 1
    model = nn.MLP(1, [2, 1], rng=0) if kind == "values" else nn.Linear(features, 1, rng=0)
    x, y = X[:, 0], X[:, 1] if kind == "values" else Y
    how = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.01)}
    with pytest.raises(
        (ShapeError, TypeError), match=r"^fit: .*\(20,\).*give X\.reshape\(-1, 1\)\.$"
    ):
        nn.fit(model, (x, y), **how)
    if features == 1:
        assert "X.reshape(-1, 1)" in str(nn.check(model, x, y).findings)
        nn.fit(model, (x.reshape(-1, 1), y), **how)


def test_targets_in_rows_for_a_model_of_values_are_made_flat_as_advised():
    model = nn.MLP(3, [1], rng=0)
    how = {"loss": nn.mse_loss, "optimizer": nn.SGD(model.parameters(), lr=0.01)}
    with pytest.raises(ShapeError, match=r"^fit: mse_loss: .*y\.reshape\(-1\)"):
        nn.fit(model, (X, Y), **how)
    nn.fit(model, (X, Y.reshape(-1)), **how)


@pytest.mark.parametrize("kind", ["tensors", "values"])
def test_scores_given_to_a_loss_of_probabilities_are_no_matter_of_the_rate(kind):
    """The first batches may pass, and a tape does not ask again: then the loss is nan."""
    model = nn.MLP(3, [1], rng=0) if kind == "values" else nn.Linear(3, 1, rng=0)
    model.load_state_dict({name: 0 * x + 0.3 for name, x in model.state_dict().items()})
    rows, y = np.zeros((20, 3)), np.arange(20) % 2
    rows[np.random.default_rng(0).permutation(20)[-1]] = 9.0
    data = rows, (y if kind == "values" else y.reshape(-1, 1))
    words = r"^fit: epoch 1, batch 5: binary_cross_entropy: got the prediction .*bce_with_logits"
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    with pytest.raises(ValueError, match=words) as caught:
        nn.fit(model, data, loss=nn.bce, optimizer=optimizer, batch_size=4, seed=0)
    assert "smaller rate" not in str(caught.value)
