"""How a tape runs: each executor computes the lines of a code on numbers."""
