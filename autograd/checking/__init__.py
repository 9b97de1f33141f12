"""The parts of a gradient check, from what is checked to what is said about it."""
