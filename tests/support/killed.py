"""A process is killed while it writes one file after another, to see what it leaves behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def killed(program, path, delay):
    """Run a program that reports counts of what it wrote, kill it, and give the last count."""
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(delay)
        process.send_signal(signal.SIGKILL)
        return [int(line) for line in (first, *process.stdout)][-1]
