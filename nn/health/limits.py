"""Says what is wrong in layers that do not learn, or learn too wildly, and what helps."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from autograd.texts import shown

Numbers = Mapping[str, Mapping[str, float]]  # of each layer

VANISHES = 1e-4  # of the gradient of a later layer
EXPLODES = 1e4  # times the weights
DEAD = 0.7  # of the units; nets that learn well have come to half
SATURATED = 0.75  # of the units; good ones of tanh come to half in the end
JUMPS = 1.0  # of the weights, in one update
LEAPS = 1e3  # of the weights, in one update: beyond doubt, at the first look too
STANDS = 1e-7  # of the weights, in one update
ALIKE = 1e-6  # of the gradients of the model: less is rounding
_SMALL = 0.1  # weights below are compared as if they were so large
_BEGINNING = 16  # updates; later, small steps are a sign of having arrived


class Symptom(NamedTuple):
    """Something that may be wrong, and a sentence about the layer where it is worst."""

    kind: str
    words: str
    is_beyond_doubt: bool = False


def symptoms_of_layers(layers: Numbers) -> Iterator[Symptom]:
    """Yield what activations and gradients show; at most one of a kind.

    Parameters
    ----------
    layers : mapping from str to mapping
        From input to output: ``gradient_norm``, ``dead`` and ``saturated`` of each layer;
        ``size``: the root of the mean square of its weights; ``unlike``: by how much gradients of
        units differ whose weights are the same, nan if these differ; ``twin``: the place of an
        earlier layer whose weights and gradients are the same, nan if there is none.
    """
    alike = [*_alike(layers), *_twins(layers)]
    if alike:  # then gradients cancel, and units of relu stand at 0
        yield from alike
        return
    idle = [*_dead(layers), *_saturated(layers)]
    yield from idle
    if not idle:  # else it is what makes gradients vanish
        yield from _vanishing(layers)
    yield from _exploding(layers)


def symptoms_of_updates(update: int, layers: Numbers) -> Iterator[Symptom]:
    """Yield what the ``update_ratio`` of each layer shows after so many updates."""
    yield from _jumping(update, layers)
    yield from _standing(update, layers)


def _alike(layers: Numbers) -> Iterator[Symptom]:
    largest = max((numbers["gradient_norm"] for numbers in layers.values()), default=0.0)
    same = [shown(name) for name, numbers in layers.items() if numbers["unlike"] <= ALIKE * largest]
    if same:
        yield Symptom(
            "alike",
            f"all units of layer {same[0]} have the same weights and the same gradients: they stay "
            "alike, and do no more than one unit. Draw first weights at random: "
            "nn.init.xavier_uniform_.",
        )


def _twins(layers: Numbers) -> Iterator[Symptom]:
    names = list(layers)
    pairs = [(names[int(x["twin"])], name) for name, x in layers.items() if x["twin"] == x["twin"]]
    for one, other in pairs[:1]:
        yield Symptom(
            "twins",
            f"layers {one} and {other} have the same weights and the same gradients: they stay "
            "equal, and do no more than one. Were they given the same seed? Give each another, or "
            "all of them one generator: rng = np.random.default_rng(0).",
        )


def _dead(layers: Numbers) -> Iterator[Symptom]:
    for layer, share in _worst({name: x["dead"] for name, x in layers.items()}, DEAD):
        yield Symptom(
            "dead",
            f"{share:.0%} of the units of layer {layer} are dead: their activation has slope 0 on "
            f"every sample, and they learn nothing; {DEAD:.0%} is the limit. Use nn.LeakyReLU or "
            "nn.ELU, a smaller lr, biases near 0 and inputs around 0.",
        )


def _saturated(layers: Numbers) -> Iterator[Symptom]:
    for layer, share in _worst({name: x["saturated"] for name, x in layers.items()}, SATURATED):
        yield Symptom(
            "saturated",
            f"{share:.0%} of the units of layer {layer} are saturated: their activation is nearly "
            f"flat there, and they hardly learn; {SATURATED:.0%} is the limit. Standardize the "
            "inputs, or draw smaller first weights: nn.init.xavier_uniform_.",
        )


def _vanishing(layers: Numbers) -> Iterator[Symptom]:
    """Compare layers with later ones: an early one may have larger gradients, from large inputs."""
    lowest, found = VANISHES, ("", "")
    largest, behind = 0.0, ""
    for layer in reversed(list(layers)):
        size = layers[layer]["gradient_norm"]
        if largest > 0 and size / largest < lowest:
            lowest, found = size / largest, (shown(layer), shown(behind))
        if size > largest:
            largest, behind = size, layer
    if found[0]:
        yield Symptom(
            "vanishing",
            f"the gradient of layer {found[0]} is {lowest:.0e} of that of layer {found[1]}; below "
            f"{VANISHES:.0e} a layer hardly learns. Use nn.ReLU with nn.init.kaiming_uniform_ or "
            "nn.Tanh with nn.init.xavier_uniform_, normalization, or fewer layers.",
        )


def _exploding(layers: Numbers) -> Iterator[Symptom]:
    sizes = {name: x["gradient_norm"] / max(x["size"], _SMALL) for name, x in layers.items()}
    for layer, size in _worst(sizes, EXPLODES):
        yield Symptom(
            "exploding",
            f"the gradient of layer {layer} is {size:.0e} times as large as its weights; "
            f"{EXPLODES:.0e} is the limit. Draw smaller first weights, such as those of "
            "nn.init.xavier_uniform_, standardize inputs and targets, or use nn.clip_grad_norm_.",
        )


def _jumping(update: int, layers: Numbers) -> Iterator[Symptom]:
    """Compare updates with weights; a leap is one even for weights that begin tiny."""
    ratios = {name: x["update_ratio"] for name, x in layers.items()}
    leaps = {name: ratios[name] * min(x["size"] / _SMALL, 1) for name, x in layers.items()}
    leap = [*_worst(leaps, LEAPS)]
    for layer, ratio in leap or (_worst(ratios, JUMPS) if update > 1 else ()):
        yield Symptom(
            "jumping",
            f"one update changes the weights of layer {layer} by {ratio:.2g} of their size; above "
            f"{JUMPS:g} training jumps about. Use a smaller lr, and targets of the size 1.",
            is_beyond_doubt=bool(leap),
        )


def _standing(update: int, layers: Numbers) -> Iterator[Symptom]:
    if update <= _BEGINNING and all(
        numbers["update_ratio"] < STANDS and numbers["gradient_norm"] > 1e-3 * numbers["size"]
        for numbers in layers.values()
    ):
        for layer, numbers in list(layers.items())[:1]:
            yield Symptom(
                "standing",
                f"an update changes the weights of layer {shown(layer)} by "
                f"{numbers['update_ratio']:.0e} of their size, and others no more; below "
                f"{STANDS:.0e} nothing is learned. Is lr too small, and was the optimizer made of "
                "the parameters of this model?",
            )


def _worst(sizes: Mapping[str, float], limit: float) -> Iterator[tuple[str, float]]:
    """Yield the name of the layer with the largest number, if that is above a limit; nan is not."""
    above = {layer: size for layer, size in sizes.items() if size > limit}
    if above:
        layer = max(above, key=above.__getitem__)
        yield shown(layer), above[layer]
