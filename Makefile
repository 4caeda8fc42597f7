# The two commands of the README are `make report` and `make test`; both set up what they need.
# A machine needs Python 3.12, make and a package registry.

PYTHON := $(shell command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PERIOD ?= 2018-03

.PHONY: report test lab check notebooks lock bench clean

report: .make/base
	$(BIN)/analytics sample --if-empty
	$(BIN)/analytics load
	$(BIN)/analytics run $(PERIOD)
	@echo "Open reports/index.html"

test: .make/test
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(TESTS)

lab: .make/lab
	$(BIN)/analytics sample --if-empty
	$(BIN)/analytics load
	$(BIN)/analytics lab

check: .make/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/unit/test_notebook_rules.py

# Stores the outputs of the demonstration region in the notebooks of the repository (data/ must hold it).
notebooks: .make/lab
	$(BIN)/jupyter nbconvert --execute --to notebook --inplace --ExecutePreprocessor.record_timing=False notebooks/*.ipynb
	$(BIN)/python -m analytics.reports.stripping notebooks/*.ipynb

bench: .make/test
	$(BIN)/python -m benchmarks

# Locks hold versions and hashes, never the address of an index.
LOCK := $(BIN)/uv pip compile pyproject.toml --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q
lock: .make/base
	$(BIN)/python -m pip install -q uv
	$(LOCK) --extra build --extra lab --extra test -o requirements/test.lock
	$(LOCK) --extra build --extra lab -c requirements/test.lock -o requirements/lab.lock
	$(LOCK) --extra build -c requirements/test.lock -o requirements/base.lock

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' \
	  || { echo "Python 3.12 is needed; found: $$("$(PYTHON)" --version). Install it or call make PYTHON=/path/to/python3.12"; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

.make/base .make/lab .make/test: .make/%: requirements/%.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements/$*.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@mkdir -p .make && touch $@

clean:
	rm -rf .make .venv
