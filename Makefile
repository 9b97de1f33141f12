# The habits of this project. `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3
BIN := .venv/bin
PIP := -m pip install --quiet --disable-pip-version-check
WHEEL := -m pip wheel --quiet --disable-pip-version-check --no-deps
OTHERS := python3.12 python3.13

.PHONY: setup demo test quick full check format docs rows poster notebooks bench gallery lab wheel sanitize

setup: .venv/installed

.venv/installed: pyproject.toml autograd/engine/_core.c autograd/engine/rows.h
	$(PYTHON) -m venv .venv
	$(BIN)/python $(PIP) -e ".[all]"
	touch $@

demo: setup
	$(BIN)/python -m viz "(x + y) * z" x=-2 y=5 z=-4 --html steps.html

# There is a process for each core already: more threads in each would only wait for each other.
test quick: export OPENBLAS_NUM_THREADS := 1

# Each process begins with a stretch of its own, so that neighbors share browsers and models.
test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal

# What is done while one works: fewer examples of each law, and nothing that is marked slow.
quick: setup
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -q -n auto -m "not slow" tests

# What takes long: many examples of each law, parity with PyTorch and JAX, JupyterLab, a sanitizer,
# newer Pythons.
full: .venv-parity/installed wheel sanitize
	HYPOTHESIS_PROFILE=thorough .venv-parity/bin/python -m pytest
	for python in $(OTHERS); do \
	    command -v $$python >/dev/null && $$python --version >/dev/null 2>&1 || continue; \
	    place=.venv-$$(basename $$python); \
	    $$python -m venv $$place && $$place/bin/python $(PIP) -e ".[all]" \
	        && $$place/bin/python -m pytest -q || exit 1; \
	done

.venv-parity/installed: pyproject.toml autograd/engine/_core.c autograd/engine/rows.h
	$(PYTHON) -m venv .venv-parity
	.venv-parity/bin/python $(PIP) -e ".[all,parity,lab]"
	.venv-parity/bin/python $(PIP) --no-deps --upgrade --target .venv-parity/hips autograd==1.9.1
	touch $@

# A wheel, in an environment with nothing else: a file that was forgotten is missed here. It is
# built from a copy, for setuptools packs what it finds of earlier builds. A second one is built as
# where there is no compiler.
wheel: setup
	rm -rf build/wheel
	mkdir -p build/wheel/source build/wheel/pure
	git ls-files | tar cf - -T - | tar xf - -C build/wheel/source
	git ls-files | tar cf - -T - | tar xf - -C build/wheel/pure
	$(BIN)/python $(WHEEL) -w build/wheel build/wheel/source
	CC=false CXX=false $(BIN)/python $(WHEEL) -w build/wheel/pure build/wheel/pure
	$(PYTHON) -m venv build/wheel/bare
	build/wheel/bare/bin/python $(PIP) build/wheel/*.whl
	cd build/wheel && bare/bin/python -W error $(CURDIR)/tests/support/wheel_smoke.py $(CURDIR)
	build/wheel/bare/bin/python $(PIP) --no-deps --force-reinstall build/wheel/pure/*.whl
	cd build/wheel && bare/bin/python -W error $(CURDIR)/tests/support/wheel_smoke.py $(CURDIR)

# What the core in C does with memory, watched by AddressSanitizer.
sanitize: setup
	rm -rf build/sanitized && mkdir -p build/sanitized
	git ls-files | tar cf - -T - | tar xf - -C build/sanitized
	cd build/sanitized && $(CC) -g -O1 -fsanitize=address -fPIC -shared -ffp-contract=off \
	    -I$$($(CURDIR)/$(BIN)/python -c "import sysconfig; print(sysconfig.get_path('include'))") \
	    autograd/engine/_core.c -o autograd/engine/_core.abi3.so -lm
	cd build/sanitized && LD_PRELOAD="$$($(CC) -print-file-name=libasan.so)" PYTHONMALLOC=malloc \
	    ASAN_OPTIONS=detect_leaks=0 HYPOTHESIS_PROFILE=quick PYTHONPATH=. $(CURDIR)/$(BIN)/python \
	    -m pytest -q -p no:cacheprovider tests/autograd/engine tests/laws/test_same_in_c.py

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict autograd nn viz

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup
	PYTHONPATH=.:tests/support $(BIN)/python tests/support/op_reference.py

# The formulas of the core in C, which is not used from any edit of it or of the table until this and
# `make setup` were run.
rows: setup
	STEPGRAD_PURE=1 PYTHONPATH=.:tests/support $(BIN)/python tests/support/core_rows.py

poster: setup
	PYTHONPATH=. $(BIN)/python docs/poster.py

# Runs the sources of notebooks and keeps what comes out beside them: all, or `make notebooks only=02`.
notebooks: setup
	$(BIN)/python tests/support/percent.py $(only)

bench: setup
	$(BIN)/python -m autograd
	for script in benchmarks/w*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Every picture of viz, each by one call: build/gallery/index.html.
gallery: setup
	PYTHONPATH=$(CURDIR) $(BIN)/python examples/gallery.py build/gallery

# A kernel starts in the folder of its notebook: the path makes sure it finds this checkout.
lab: setup
	$(BIN)/python $(PIP) -e ".[lab]"
	PYTHONPATH=$(CURDIR) $(BIN)/jupyter lab notebooks
