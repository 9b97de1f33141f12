"""The rows that are losses: what a prediction costs, for each sample."""

__all__: list[str] = []
