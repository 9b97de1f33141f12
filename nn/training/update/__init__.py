"""One update of a model: on a tape where that gives the model's own results, else on graphs."""
