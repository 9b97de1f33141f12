"""Time, for what a check tries on a slow machine."""

import sys

import numpy as np
import pytest


@pytest.fixture
def patient(monkeypatch):
    """Let a model learn for as long as it takes, on a slow machine too."""
    monkeypatch.setattr(sys.modules["nn.preflight.check"], "_SECONDS", np.inf)
