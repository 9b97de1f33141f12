"""Where several tests of saving write their file."""

import pytest


@pytest.fixture
def path(tmp_path):
    return tmp_path / "training.safetensors"
