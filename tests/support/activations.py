"""All activations as layers, and the ops that they are."""

import nn
from autograd import elu, leaky_relu, relu, sigmoid, softmax, softplus, tanh

ACTIVATIONS = {
    "ReLU()": (nn.ReLU(), relu),
    "ReLU(at_zero=1.0)": (nn.ReLU(at_zero=1.0), lambda x: relu(x, at_zero=1.0)),
    "LeakyReLU()": (nn.LeakyReLU(), leaky_relu),
    "LeakyReLU(slope=0.2)": (nn.LeakyReLU(0.2), lambda x: leaky_relu(x, slope=0.2)),
    "ELU()": (nn.ELU(), elu),
    "ELU(alpha=0.5)": (nn.ELU(0.5), lambda x: elu(x, alpha=0.5)),
    "Sigmoid()": (nn.Sigmoid(), sigmoid),
    "Tanh()": (nn.Tanh(), tanh),
    "Softplus()": (nn.Softplus(), softplus),
    "Softmax()": (nn.Softmax(), softmax),
    "Softmax(axis=0)": (nn.Softmax(dim=0), lambda x: softmax(x, axis=0)),
    "Identity()": (nn.Identity(), lambda x: x),
    "Activation(tanh)": (nn.Activation(tanh), tanh),
}
