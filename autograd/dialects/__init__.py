"""What people write who learned another library, and how it is written here: they are told so.

The names are those of PyTorch, JAX, HIPS autograd, NumPy, micrograd, tinygrad and Keras.
"""

from .keywords import KEYWORDS, answer_keywords, keyword_advice, wrong_keywords
from .nodes import OF_ARRAYS, OF_NODES, OF_NUMPY
from .packages import OF_AUTOGRAD, OF_MODELS, OF_NN, unknown

__all__ = [
    "KEYWORDS",
    "OF_ARRAYS",
    "OF_AUTOGRAD",
    "OF_MODELS",
    "OF_NN",
    "OF_NODES",
    "OF_NUMPY",
    "answer_keywords",
    "keyword_advice",
    "unknown",
    "wrong_keywords",
]
