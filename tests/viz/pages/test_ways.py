"""Why a gradient is what it is: a page lists what `why` says, with the boxes to light."""

import numpy as np

import nn
import viz
from autograd import Tensor, tanh
from viz.moments import Pass
from viz.pages.ways import ways


def test_a_box_of_tensors_lists_the_gains_that_why_says():
    net = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=1))
    loss = nn.cross_entropy(net(np.ones((2, 3))), np.array([0, 1]))
    steps = viz.step(loss, names={})
    boxes = steps.state()["rooms"]["r0"]["boxes"]
    told = 0
    for id, box in boxes.items():
        node = steps._run.order[int(id[1:])]
        if node.constant:
            assert "gains" not in box
            continue
        found = viz.why(node, of=loss, names={})
        assert [row["cells"] for row in box["gains"]] == [*found.table.rows]
        assert box["gains"][-1]["nodes"][-1] == id
        assert all(set(row["nodes"]) <= set(boxes) for row in box["gains"])
        told += 1
    assert told == 9


def test_a_long_way_leaves_out_rows_which_light_nothing():
    x = y = Tensor([0.5, 1.0], name="x")
    for _ in range(50):
        y = tanh(y)
    run = Pass(y.sum(), {})
    rows = ways(run, 0, {node: str(i) for i, node in enumerate(run.order)})["gains"]
    gaps = [row for row in rows if row["cells"][0] == "…"]
    assert [row["nodes"] for row in gaps] == [[]]
    assert rows[-1]["nodes"] == [str(i) for i in range(51, -1, -1)]
    assert run.order[0] is x


def test_what_gets_no_gradient_has_no_ways():
    run = Pass(Tensor(2.0, name="x") * Tensor(3.0, constant=True, name="c"), {})
    assert ways(run, 1, {}) == {}
