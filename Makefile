# The habits of this project. `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test check format docs notebooks bench lab

setup: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[all]"
	touch $@

demo: setup
	$(BIN)/python -m viz "(x + y) * z" x=-2 y=5 z=-4 --html steps.html

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict autograd nn viz

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup
	PYTHONPATH=.:tests/support $(BIN)/python tests/support/op_reference.py

notebooks: setup
	$(BIN)/python -m pytest --nbmake notebooks

bench: setup
	for script in benchmarks/w*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# A kernel starts in the folder of its notebook: the path makes sure it finds this checkout.
lab: setup
	$(BIN)/python -m pip install --quiet jupyterlab
	PYTHONPATH=$(CURDIR) $(BIN)/jupyter lab notebooks
