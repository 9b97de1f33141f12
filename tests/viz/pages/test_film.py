"""A film shows of each moment what is known then, and nothing moves in it."""

import sys

import numpy as np
import pytest
from names import HOSTILE

import viz
from autograd import Tensor, Value, mean, sigmoid, tanh
from autograd.formulas import number
from viz import RenderError
from viz.pages.film import pictures, save_film
from viz.pictures import render, to_dot
from viz.pictures.cells import number_cells
from viz.pictures.dot import GRADIENT, VALUE


def walk(name="x", phase="both"):
    x, y = Value(2.0, name=name), Value(-3.0, name="y")
    f = tanh(x * y) + x
    return viz.step(f, names={"f": f}, phase=phase)


@pytest.mark.parametrize("phase", ["both", "backward"])
def test_of_each_moment_what_is_known_then_is_shown(phase):
    steps = walk(phase=phase)
    shown = steps.picture.shown
    found = list(pictures(steps, shown))
    assert len(found) == len(steps)
    node_of = {id: i for i, id in shown.box_of.items()}
    for moment, picture in zip(steps, found, strict=True):
        for box in picture.boxes:
            adjoint = moment.adjoints.get(node_of[box.id])
            assert box.grad.strip() == ("–" if adjoint is None else number(adjoint))
    assert [box.data for box in found[-1].boxes] == [box.data for box in shown.boxes]
    assert [box.grad for box in found[-1].boxes] == [box.grad for box in shown.boxes]


def test_values_are_shown_once_they_are_computed():
    def known(steps):
        found = pictures(steps, steps.picture.shown)
        return [sum(box.data.strip() != "–" for box in picture.boxes) for picture in found]

    assert known(walk())[:4] == [3, 4, 5, 5]  # two leaves, and one more at each moment
    assert set(known(walk(phase="backward"))) == {5}


def test_arrays_are_cells_once_they_are_known():
    W, X = Tensor([[0.5, -1.0], [0.25, 2.0]], name="W"), Tensor([[1.0, 2.0]], name="X")
    steps = viz.step(mean(X @ W), names={})
    shown = steps.picture.shown
    node_of = {id: i for i, id in shown.box_of.items()}
    last = steps[0].graph.output
    for moment, picture in zip(steps, pictures(steps, shown), strict=True):
        computed = moment.phase != "forward" or moment.nodes == (last,)
        for box in picture.boxes:
            value, grad = box.moment
            adjoint = moment.adjoints.get(node_of[box.id])
            assert (grad is None) == (adjoint is None)
            assert np.array_equal(grad, adjoint) or grad is None
            assert value is box.array or not computed
            cells = number_cells(box.grads, "g", grad) if np.ndim(box.grads) else ""
            assert cells.count("–") == (np.size(box.grads) if cells and grad is None else 0)


def by_arrays():
    h = Tensor([[12.0, -2.0], [1.0, 0.5]], name="h")
    return viz.step(mean(sigmoid(h) * h + h), names={})


def by_large_arrays():
    h = Tensor(np.linspace(-1, 1, 90).reshape(9, 10), name="h")
    return viz.step(mean(sigmoid(h) * h), names={})


def by_sums():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    return viz.step((x + y) * z * x, names={})  # on the way to -4 the gradient of x is -12


@pytest.mark.parametrize("film", [walk, by_arrays, by_large_arrays, by_sums])
def test_nothing_moves(film):
    steps = film()
    dots = [to_dot(picture) for picture in pictures(steps, steps.picture.shown)]
    plain = render("\n".join(dots), "plain").decode().split("stop")
    boxes = [
        [line.split()[1:6] for line in one.splitlines() if line.startswith("node")]
        for one in plain[:-1]
    ]
    assert len(boxes) == len(steps)
    assert all(each == boxes[0] for each in boxes)


def test_what_happens_is_lit():
    steps = walk()
    shown = steps.picture.shown
    for moment, picture in zip(steps, pictures(steps, shown), strict=True):
        lit = {edge.id for edge in picture.edges if edge.lit}
        assert lit == {shown.edge_of[flow] for flow in moment.flows}
        assert {shown.box_of[i] for i in moment.targets} <= {b.id for b in picture.boxes if b.lit}
        color = VALUE if moment.phase == "forward" else GRADIENT
        arrows = [line for line in to_dot(picture).splitlines() if "penwidth=3" in line]
        assert len(arrows) == len(lit)
        assert all(f'color="{color}"' in arrow for arrow in arrows)


def test_a_gif_has_a_picture_of_each_moment(tmp_path):
    image = pytest.importorskip("PIL.Image")
    steps = walk(phase="backward")
    with image.open(steps.save(tmp_path / "pass.gif")) as film:
        assert film.format == "GIF"
        assert film.n_frames == len(steps)
        assert film.width >= 800


@pytest.mark.parametrize("name", HOSTILE[::7])
def test_any_name_is_shown(name, tmp_path):
    pytest.importorskip("PIL")
    steps = walk(name, "backward")
    save_film(tmp_path / "x.gif", steps[-2:], steps.picture.shown)
    assert (tmp_path / "x.gif").stat().st_size > 1000


def test_without_pillow_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(RenderError, match=r"pip install 'stepgrad\[plots\]'"):
        walk().save(tmp_path / "x.gif")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("nothing_to_draw_with")
def test_without_a_program_that_draws_one_sentence_says_so(tmp_path):
    pytest.importorskip("PIL")
    with pytest.raises(RenderError, match="nothing here can draw png"):
        walk().save(tmp_path / "x.gif")


def test_a_film_is_no_longer_than_one_watches(tmp_path):
    pytest.importorskip("PIL")
    steps = walk()
    with pytest.raises(RenderError, match=r"201 moments are more than the 200"):
        save_film(tmp_path / "x.gif", [steps[0]] * 201, steps.picture.shown)
