"""What other libraries call keywords, and the answer to who gives one."""

import re
from collections.abc import Iterable, Mapping
from functools import wraps
from typing import Any

_ONE_PLACE = "nothing: all numbers are in the memory of this machine"

# Of nodes, ops, layers and optimizers.
KEYWORDS: Mapping[str, str] = {
    "label": "name=",
    "dim": "axis=",
    "dims": "axis=",
    "keepdim": "keepdims=",
    "correction": "ddof=",
    "unbiased": "ddof=",
    "requires_grad": "constant=, its opposite",
    "trainable": "constant=, its opposite, or model.freeze()",
    "dtype": "an array of this type as data; layers take dtype=",
    "device": _ONE_PLACE,
    "retain_graph": "nothing: a graph may be gone through again and again",
    "create_graph": "gradients(y, [x]), which gives nodes",
    "gradient": "seed=",
    "_children": "nothing: operators set the inputs",
    "_op": "nothing: operators set the op",
    "units": "the number of outputs, as the second argument",
    "input_dim": "the number of inputs, as the first argument",
    "input_shape": "the number of inputs, as the first argument",
    "activation": "an activation of its own behind the layer, such as nn.Tanh()",
    "use_bias": "bias=",
    "filters": "the number of channels out, as the second argument",
    "strides": "stride=",
    "rate": "p=",
    "learning_rate": "lr=",
    "step_size": "lr=",
    "beta_1": "betas=",
    "beta_2": "betas=",
    "b1": "betas=",
    "b2": "betas=",
    "epsilon": "eps=",
    "decay": "weight_decay=, or a schedule",
    "negative_slope": "slope=",
    "min": "low=",
    "max": "high=",
    "a_min": "low=",
    "a_max": "high=",
}


def keyword_advice(names: Iterable[str]) -> str:
    """Say what keywords are called here, a sentence for each that is known."""
    return "".join(f" For {name}= write {KEYWORDS[name]}." for name in names if name in KEYWORDS)


def wrong_keywords(function: str, names: Iterable[str], usage: str) -> TypeError:
    """Say that a function has no such keywords, and what is written instead."""
    given = ", ".join(f"{name}=" for name in names)
    return TypeError(f"{function}: got {given}. Call it as {usage}.{keyword_advice(names)}")


def answer_keywords(kind: Any) -> None:
    """Let a class of ours say of a keyword that it does not take what is written here instead."""
    if "__init__" not in vars(kind) or kind.__module__.partition(".")[0] != "nn":
        return
    make = kind.__init__

    @wraps(make)
    def answering(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            make(self, *args, **kwargs)
        except TypeError as error:
            unexpected = re.search(r"unexpected keyword argument '(\w+)'", str(error))
            advice = keyword_advice(unexpected.groups() if unexpected else ())
            if not advice:
                raise
            raise TypeError(f"{error}.{advice}") from None

    kind.__init__ = answering
