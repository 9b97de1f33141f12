"""A model comes back from its file as it was; a file that is not right changes no model."""

import json

import numpy as np
import pytest
from model_files import Mixed, exactly, written

import nn
from autograd import Tensor

library = pytest.importorskip("safetensors.numpy")


def shared(rng=None):
    layer = nn.Linear(2, 2, rng=rng)
    return nn.Sequential(layer, nn.Tanh(), layer)


def normalized(rng=None, dtype=np.float64):
    model = nn.Sequential(nn.Linear(3, 4, dtype=dtype, rng=rng), nn.BatchNorm1d(4, dtype=dtype))
    model(Tensor(np.random.default_rng(rng).normal(size=(5, 3)).astype(dtype)))
    return model


MODELS = {
    "values": lambda rng: nn.MLP(2, [3, 1], rng=rng),
    "perceptron": lambda rng: nn.Perceptron([1.0 + rng, 2.0]),
    "tensors": lambda rng: nn.Linear(2, 3, rng=rng),
    "mixed": Mixed,
    "shared": shared,
    "frozen": lambda rng: nn.Linear(2, 3, rng=rng).freeze(),
    "normalized": normalized,
    "float32": lambda rng: normalized(rng, np.float32),
    "LeNet5": lambda rng: nn.LeNet5(rng=rng),
    "nothing": lambda rng: nn.Tanh(),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_comes_back_bit_for_bit(name, tmp_path):
    model, other = MODELS[name](0), MODELS[name](1)
    constants = [leaf.constant for _, leaf in other.named_leaves()]
    assert nn.load(other, str(written(model, tmp_path))) is None
    assert exactly(other) == exactly(model)
    assert [leaf.constant for _, leaf in other.named_leaves()] == constants
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


def test_a_file_holds_the_state_and_says_whose_it_is(tmp_path):
    model = Mixed(0)
    path = written(model, tmp_path)
    arrays = library.load_file(path)
    assert {k: (v.dtype, v.shape, v.tobytes()) for k, v in arrays.items()} == exactly(model)
    assert (arrays["scale"].shape, arrays["single"].dtype) == ((), np.float32)
    data = path.read_bytes()
    about = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    assert about.pop("stepgrad.sha256")
    assert about == {"stepgrad.version": "2", "stepgrad.class": "Mixed"}


def test_numbers_take_the_type_of_the_model(tmp_path):
    wide, narrow = nn.Linear(2, 3, rng=0), nn.Linear(2, 3, dtype=np.float32)
    nn.load(narrow, written(wide, tmp_path))
    assert narrow.weight.dtype == np.float32
    np.testing.assert_array_equal(narrow.weight.data, wide.weight.data.astype(np.float32))
    nn.load(wide, written(narrow, tmp_path))
    assert wide.weight.dtype == np.float64
    np.testing.assert_array_equal(wide.weight.data, narrow.weight.data)


def test_a_file_of_other_layers_is_refused_with_all_faults(tmp_path):
    path = written(nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)), tmp_path)
    model = nn.Sequential(nn.Linear(2, 4), nn.Linear(4, 1))
    before = exactly(model)
    with pytest.raises(
        ValueError, match=r"(?s)^load: .*model\.safetensors: 1\.weight is missing;"
    ) as e:
        nn.load(model, path)
    for fault in ("2.bias is not known here", "0.weight has shape (3, 2), here (4, 2)"):
        assert fault in str(e.value)
    with pytest.raises(ValueError, match=r"0\.weight has shape"):
        nn.load(model, path, strict=False)
    assert exactly(model) == before


def test_without_strict_the_names_of_both_are_taken(tmp_path):
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Tanh(), nn.Linear(3, 1, rng=0))
    longer = nn.Sequential(nn.Linear(2, 3, rng=1), nn.Linear(3, 1, rng=1))
    untouched = longer[1].weight.data
    nn.load(longer, written(model, tmp_path), strict=False)
    np.testing.assert_array_equal(longer[0].weight.data, model[0].weight.data)
    np.testing.assert_array_equal(longer[1].weight.data, untouched)


def test_a_name_that_files_use_for_other_things_is_refused(tmp_path):
    model = nn.Sequential(nn.Linear(1, 1))
    vars(model)["stepgrad/best"] = nn.Linear(1, 1)
    with pytest.raises(ValueError, match=r"no place for 'stepgrad/best\.weight'. Rename it"):
        nn.save(model, tmp_path / "model")


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e300])
def test_numbers_that_are_not_finite_here_change_nothing(number, tmp_path):
    model = nn.Linear(2, 1, dtype=np.float32)
    before = exactly(model)
    path = tmp_path / "wrong"
    library.save_file({"weight": np.ones((1, 2)), "bias": np.array([number])}, path)
    with pytest.raises(ValueError, match=r"wrong: bias: NaN, infinity, or larger than this model"):
        nn.load(model, path)
    assert exactly(model) == before


def test_numbers_that_are_not_finite_are_not_saved(tmp_path):
    model = nn.MLP(2, [1], rng=0)
    path = written(model, tmp_path)
    before = path.read_bytes()
    model.parameters()[1].data = float("nan")
    with pytest.raises(ValueError, match=r"^save: layers\.0\.neurons\.0\.\S+: NaN or infinity"):
        nn.save(model, path)
    assert path.read_bytes() == before


def test_no_file_and_no_folder_are_said_as_python_says_it(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        nn.load(nn.Linear(1, 1), tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        nn.save(nn.Linear(1, 1), tmp_path / "nowhere" / "model")


@pytest.mark.parametrize("function", [nn.save, nn.load])
def test_swapped_arguments_are_explained(function):
    name = function.__name__
    with pytest.raises(TypeError, match=rf"^{name}: got a str .*Call {name}\(model, path\)"):
        function("model.safetensors", nn.Linear(1, 1))


@pytest.mark.parametrize("kind", ["float64", "float32"])
def test_pytorch_reads_ours_and_we_read_its(kind, tmp_path):
    torch = pytest.importorskip("torch")
    theirs_in_files = pytest.importorskip("safetensors.torch")
    ours = normalized(0, np.dtype(kind))
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    theirs = theirs.to(getattr(torch, kind))
    theirs.load_state_dict(theirs_in_files.load_file(written(ours, tmp_path)))
    for name, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(tensor.numpy(), ours.state_dict()[name])
    x = torch.tensor(np.random.default_rng(1).normal(size=(6, 3)), dtype=getattr(torch, kind))
    theirs(x)  # it changes what BatchNorm keeps, a count of whole numbers too
    with torch.no_grad():
        theirs[0].weight.mul_(3.0)
    theirs_in_files.save_file(theirs.state_dict(), tmp_path / "theirs", {"format": "pt"})
    before = exactly(ours)
    nn.load(ours, tmp_path / "theirs")
    for name, tensor in theirs.state_dict().items():
        assert ours.state_dict()[name].dtype == before[name][0]
        np.testing.assert_array_equal(ours.state_dict()[name], tensor.numpy())


def test_what_layers_share_is_in_a_file_once(tmp_path):
    model, other = shared(0), shared(1)
    path = written(model, tmp_path)
    assert list(library.load_file(path)) == ["0.bias", "0.weight"]
    nn.load(other, path)
    assert exactly(other) == exactly(model)
    with pytest.raises(ValueError, match=r"2\.weight is missing"):
        nn.load(nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2)), path)


@pytest.mark.parametrize("names", [["0"], ["2"], ["0", "2"]])
def test_what_layers_share_may_have_any_of_its_names(names, tmp_path):
    model, path = shared(0), tmp_path / "file"
    state = {x: array for x, array in model.state_dict().items() if x[0] in names}
    library.save_file({name: array + 1 for name, array in state.items()}, path)
    nn.load(model, path)
    for name, array in state.items():
        np.testing.assert_array_equal(model.state_dict()[name], array + 1)


@pytest.mark.parametrize("strict", [True, False])
def test_two_arrays_for_what_layers_share_are_refused(strict, tmp_path):
    model, path = shared(0), tmp_path / "file"
    before = exactly(model)
    state = model.state_dict()
    state["2.bias"] = state["2.bias"] + 1e-9
    library.save_file(state, path)
    words = r"2\.bias and 0\.bias are one here, and hold different numbers"
    for load in (
        lambda: nn.load(model, path, strict),
        lambda: model.load_state_dict(state, strict),
    ):
        with pytest.raises(ValueError, match=words):
            load()
    assert exactly(model) == before


def test_what_layers_share_goes_to_torch_and_back(tmp_path):
    torch = pytest.importorskip("torch")
    files = pytest.importorskip("safetensors.torch")
    layer = torch.nn.Linear(2, 2, dtype=torch.float64)
    theirs = torch.nn.Sequential(layer, torch.nn.Tanh(), layer)
    model, path = shared(0), tmp_path / "model.safetensors"
    files.save_model(theirs, path)
    nn.load(model, path)
    np.testing.assert_array_equal(model[2].weight.data, layer.weight.detach().numpy())
    nn.save(shared(1), path)
    files.load_model(theirs, path)
    np.testing.assert_array_equal(layer.weight.detach().numpy(), shared(1)[0].weight.data)
    nn.save_checkpoint(path, shared(2), best=shared(2).state_dict())
    files.load_model(theirs, path, strict=False)
    np.testing.assert_array_equal(layer.weight.detach().numpy(), shared(2)[0].weight.data)
