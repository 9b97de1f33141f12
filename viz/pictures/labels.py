"""Puts the numbers on arrows where each stands beside its own arrow, and over nothing else."""

import re
from html import unescape
from typing import Any

import numpy as np

_EDGE = re.compile(r'<g id="[^"]*" class="edge">.*?</g>\n', re.DOTALL)
_NODE = re.compile(r'<g id="[^"]*" class="node">.*?</g>\n', re.DOTALL)
_CURVE = re.compile(r' d="([^"]*)"')
_TEXT = re.compile(r'(<text [^>]*?x=")[^"]*(" y=")[^"]*("[^>]*>)([^<]*)(</text>)')
_NUMBER = re.compile(r"-?[\d.]+")
_LETTER, _HIGH, _BASE = 6.0, 10.0, 3.2  # points: of a letter, of a line, from its middle down
_GAP = 2.5  # points between a label and its arrow
_AWAY = (16, 24, 36, 52, 76, 110)  # points from the head of an arrow
_ALONG, _TINY = 4.0, 1e-9  # points that tell which way a curve runs; of one that is a point
_NEAR = np.linspace(0, 1, 7)[:, None]  # places on a curve, and how far off its end is
_AFAR = 1 - _NEAR
_ON_LABEL, _ON_BOX, _ON_ARROW = 1000.0, 1000.0, 60.0  # how bad it is, beside a point farther off


def place_labels(svg: str) -> str:
    """Move each label of an edge to the place beside it where it covers the least.

    Parameters
    ----------
    svg : str
        As Graphviz writes it.
    """
    groups = _EDGE.findall(svg)
    curves = [_points(group) for group in groups]
    texts = [_TEXT.search(group) for group in groups]
    rects = [
        _candidates(c, _LETTER * len(unescape(t[4])))
        for c, t in zip(curves, texts, strict=True)
        if t
    ]
    if not rects:
        return svg
    boxes = np.array([_extent(group) for group in _NODE.findall(svg)])
    every = np.concatenate(rects)
    bad = _ON_BOX * _meet(every, boxes) + _ON_ARROW * _hits(every, np.concatenate(curves))
    taken = np.empty((0, 4))
    for own, rest in zip(rects, bad.reshape(len(rects), -1), strict=True):
        best = np.argmin(rest + _ON_LABEL * _meet(own, taken) + np.repeat(_AWAY, 2))
        taken = np.vstack([taken, own[best]])
    places = iter((taken[:, :2] + taken[:, 2:]) / 2)

    def moved(edge: re.Match[str]) -> str:
        if not _TEXT.search(edge[0]):
            return edge[0]
        x, y = next(places)
        return _TEXT.sub(rf"\g<1>{x:.2f}\g<2>{y + _BASE:.2f}\g<3>\g<4>\g<5>", edge[0])

    return _EDGE.sub(moved, svg)


def _points(group: str) -> Any:
    """Give points on the curve of an edge, from its tail to its head."""
    corners = _corners(group)
    a, b, c, d = (corners[k : len(corners) - 3 + k : 3, None] for k in range(4))
    curve = _AFAR**3 * a + 3 * _AFAR**2 * _NEAR * b + 3 * _AFAR * _NEAR**2 * c + _NEAR**3 * d
    return curve.reshape(-1, 2)


def _extent(group: str) -> Any:
    corners = _corners(group)
    return [*corners.min(0), *corners.max(0)]


def _corners(group: str) -> Any:
    found = _CURVE.search(group)
    return np.array(_NUMBER.findall(found[1]) if found else [0] * 8, float).reshape(-1, 2)


def _candidates(curve: Any, width: float) -> Any:
    """Give rectangles on both sides of an arrow, those near its head first."""
    back = curve[::-1]
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(back, axis=0).T))])
    away = np.minimum(_AWAY, 0.9 * lengths[-1])
    at, ahead = (
        np.stack([np.interp(place, lengths, axis) for axis in back.T], axis=1)
        for place in (away, np.maximum(away - _ALONG, 0.0))
    )
    along = ahead - at
    along /= np.maximum(np.hypot(*along.T), _TINY)[:, None]
    normal = np.stack([along[:, 1], -along[:, 0]], axis=1)
    half = np.array([width, _HIGH]) / 2
    aside = normal * (np.abs(normal) @ half + _GAP)[:, None]
    middle = np.stack([at + aside, at - aside], axis=1).reshape(-1, 2)
    return np.concatenate([middle - half, middle + half], axis=1)


def _meet(rects: Any, others: Any) -> Any:
    """Count the rectangles that each one overlaps."""
    low, high = rects[:, None, :2], rects[:, None, 2:]
    return np.sum(np.all((low < others[:, 2:]) & (high > others[:, :2]), axis=2), axis=1)


def _hits(rects: Any, points: Any) -> Any:
    """Count the points that lie in each rectangle."""
    inside = (points > rects[:, None, :2]) & (points < rects[:, None, 2:])
    return np.sum(np.all(inside, axis=2), axis=1)
