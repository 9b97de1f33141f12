"""Training: a model, data, a loss and an optimizer go in; a history comes out."""
