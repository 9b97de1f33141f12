"""Rooms are laid out in order, all of them or as many as there is time for, and at least one."""

import pytest

import nn
from autograd import Graph, Value
from viz.moments import Notation, outermost
from viz.pages import layout
from viz.pages.layout import laid_out
from viz.pictures import pictured


@pytest.fixture(scope="module")
def rooms():
    notation = Notation(Graph(nn.MLP(2, [4, 2, 1], rng=0)([Value(0.5), Value(-1.0)])))
    return [*outermost(notation, 1).walk()], lambda room: pictured(notation, room, {})


@pytest.mark.parametrize("at_once", [0, 20, 10_000])
def test_every_room_has_its_own_picture_however_many_are_laid_out_at_once(
    rooms, at_once, monkeypatch
):
    monkeypatch.setattr(layout, "_AT_ONCE", at_once)
    near, picture = rooms
    found = [*laid_out(near, picture, 60.0)]
    assert [room for room, _, _ in found] == near
    for room, shown, svg in found:
        assert shown == picture(room)
        assert svg.count('class="node"') == len(shown.boxes)


def test_without_time_there_is_the_first_room(rooms):
    near, picture = rooms
    assert len(near) > 1
    assert [room for room, _, _ in laid_out(near, picture, -1.0)] == near[:1]


def test_of_no_rooms_nothing_is_laid_out(rooms):
    assert [*laid_out([], rooms[1], 1.0)] == []
