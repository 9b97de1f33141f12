"""The network of a lecture that prices cars: every table it prints, computed again.

Three numbers describe a car: mileage and age, scaled, and fuel, -1 for gasoline and 1 for diesel.
Rows are cars. The lecture writes weights as (inputs, outputs); a `Linear` layer keeps them as
(outputs, inputs), so they are transposed on the way in.
"""

import numpy as np

import nn
from autograd import Tensor

CARS = [[1.4, -1, 0.4], [0.4, -1, 0.1], [5.4, -1, 4.0], [1.5, -1, 1.0], [1.8, 1, 1.0]]
W1 = [[0.01, 0.05, 0.07], [0.2, 0.041, 0.11], [0.04, 0.56, 0.13]]
W2 = [[0.04, 0.78], [0.4, 0.45], [0.65, 0.23]]
W3 = [[0.04], [0.41]]

PRINTED = {
    "Z2": [
        [-0.17, 0.253, 0.04],
        [-0.192, 0.035, -0.069],
        [0.014, 2.469, 0.788],
        [-0.145, 0.594, 0.125],
        [0.258, 0.691, 0.366],
    ],
    "a2": [
        [-0.16838105, 0.24773663, 0.03997868],
        [-0.18967498, 0.03498572, -0.06889071],
        [0.01399909, 0.98576421, 0.65727455],
        [-0.14399227, 0.53276635, 0.124353],
        [0.25242392, 0.59862403, 0.35048801],
    ],
    "Z3": [
        [0.11834555, -0.01066064],
        [-0.03837167, -0.14804778],
        [0.8220941, 0.60568633],
        [0.2881763, 0.15603208],
        [0.47736378, 0.54688371],
    ],
    "a3": [
        [0.11779613, -0.01066023],
        [-0.03835285, -0.14697553],
        [0.67620804, 0.54108347],
        [0.28045542, 0.15477804],
        [0.44412987, 0.49818098],
    ],
    "Z4": [[0.00034115], [-0.06179408], [0.24889254], [0.07467721], [0.22201939]],
    "a4": [[0.000341156], [-0.0617156], [0.243877], [0.0745387], [0.218442]],
}
DIGITS = {"Z2": 3, "a2": 8, "Z3": 8, "a3": 8, "Z4": 8, "a4": 6}  # printed behind the point
MISPRINTS = {
    "Z2": ["the product shows X with 4 rows; the fifth is (1.8, 1, 1)"],
    "a2": ["a first copy lacks the third column"],
    "Z3": ["copied as the argument of tanh, row 2 column 2 became -0.014804778"],
    "a4": [
        "row 1 should end in 0.000341150, for tanh is below its argument",
        "row 2 should be -0.0617155",
    ],
}


def network(bias=None):
    """Build the network of tanh layers, without biases or with the same one everywhere."""
    layers = []
    for weight in (W1, W2, W3):
        inputs, outputs = np.shape(weight)
        layer = nn.Linear(inputs, outputs, bias=bias is not None)
        layer.weight.data = np.transpose(weight)
        if bias is not None:
            layer.bias.data = np.full(outputs, bias)
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers)


def tables():
    """Compute all tables; give them by the names of the lecture."""
    found = list(network().activations(Tensor(CARS)).values())
    return {name: y.data for name, y in zip(PRINTED, found[1:], strict=False)}


def price_of_first_car():
    """Compute what the lecture puts beside a formula without biases: it has 0.1 in all layers."""
    return network(bias=0.1)([CARS[0]]).item()


def main():
    """Print every table, and where the lecture's has a misprint."""
    for name, found in tables().items():
        apart = np.abs(found - PRINTED[name]).max()
        print(f"{name}: printed and computed differ by {apart:.0e} at most")
        print(np.array2string(found.view(np.ndarray), precision=8, suppress_small=True))
        for misprint in MISPRINTS.get(name, []):
            print(f"    misprint: {misprint}")
    cost = (0.45 - price_of_first_car()) ** 2 / 2
    print(f"the first car with biases of 0.1: {price_of_first_car():.7f}, printed 0.2023543")
    print("    misprint: the formula beside it leaves the biases out")
    print(f"its cost against 0.45: {cost:.3f}, printed 0.031")


if __name__ == "__main__":
    main()
