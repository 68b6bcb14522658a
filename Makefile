# Everything that one does with Salient, by name. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A stamp is newer than the lock file that was installed last: a second call costs nothing.
RUN_STAMP := $(VENV)/.run
TEST_STAMP := $(VENV)/.test
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
SOURCES := models screening questionnaires webapp tests
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

define quick
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports
endef

.DEFAULT_GOAL := help
.PHONY: help run test venv lock check format train teach evaluate bench bench-web soak docs notice clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN_STAMP) ## Start Salient here with the demonstration company, and print its address and log-ins
	@exec $(BIN)/salient up --demo

# The tests start some sixty processes of the product: byte code that is there spares each of them a fifth of its start.
# The types are checked beside the tests, which wait now and then; what they find is printed at the end and fails as well.
test: $(TEST_STAMP) ## Check the code, and run all tests
	$(quick)
	$(BIN)/python -m compileall -q -j 0 $(SOURCES)
	@nice $(BIN)/mypy > $(VENV)/types.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest -q --durations=10 --numprocesses 3; tests=$$?; \
	wait $$types || tests=1; cat $(VENV)/types.txt; exit $$tests

venv: $(RUN_STAMP) ## Make the environment alone, under .venv

check: $(TEST_STAMP) ## Format, lint, layers and types, fastest first
	$(quick)
	$(BIN)/mypy

format: $(TEST_STAMP) ## Put the code into its form
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix .

train: $(RUN_STAMP) ## Train the shipped classifier from the project's own corpus
	$(BIN)/python -m screening.training.build

teach: $(RUN_STAMP) ## Teach the slow encoder the corpus again, which takes most of an hour (then `make train`)
	$(BIN)/python -m screening.training.tuning

evaluate: $(RUN_STAMP) ## Print the measured quality of the engine
	$(BIN)/python -m screening.training.evaluate

bench: $(TEST_STAMP) ## Run the benchmarks one after the other
	@set -e; for script in tests/bench/bench_*.py; do echo "== $$script"; $(BIN)/python -m tests.bench.$$(basename $$script .py); done

bench-web: $(TEST_STAMP) ## Print the server time of the desk with 100,000 findings, on both databases
	$(BIN)/python -m tests.bench.bench_web --json var/bench-web.json

soak: $(TEST_STAMP) ## Kill workers and the queue server for a quarter of an hour, and count what is lost
	$(BIN)/python -m tests.bench.soak

docs: $(RUN_STAMP) ## Write the pages of docs/reference from the code
	$(BIN)/salient docs docs/reference

notice: $(RUN_STAMP) ## Write NOTICE from the installed packages
	$(BIN)/python -m tests.architecture.notice > NOTICE.new
	mv NOTICE.new NOTICE

# The larger set first, so that the tests see the very versions that run.
lock: ## Pin every dependency with its hashes, from pyproject.toml
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	$(VENV)/lock/bin/$(LOCK) pyproject.toml requirements/build.in --extra test --extra s3 -o requirements/test.txt
	$(VENV)/lock/bin/$(LOCK) pyproject.toml requirements/build.in -c requirements/test.txt -o requirements/run.txt
	rm -rf $(VENV)/lock

clean: ## Remove the environment and every cache; what people entered, in var/, stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Salient needs Python 3.11 or newer: say which with make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# Two halves of a lock file go in at the same moment: pip unpacks with one core. A file that is locked names everything
# with its hash, so that neither half needs to know the other; where a half fails, the whole is tried and says why.
define halves
	awk '/^[^ #]/ {n++} {print > "$(VENV)/" (n % 2 ? "odd" : "even") ".txt"}' $(1); \
	$(PIP) install --no-compile --no-deps --require-hashes -r $(VENV)/odd.txt > /dev/null 2>&1 & odd=$$!; \
	$(PIP) install --no-compile --no-deps --require-hashes -r $(VENV)/even.txt > /dev/null 2>&1; even=$$?; \
	wait $$odd && exit $$even
endef

# Byte code is written at the end by all cores: on two of them ten seconds less than when pip does it. What the product
# and its tests load little or nothing of is left out: Python writes that itself where it is loaded after all.
SELDOM := tests?|sympy|mpmath|moto|networkx|pip|mypy|mypyc|setuptools|graphql|cfnlint|pygments|docker|antlr4|virtualenv|distlib|identify|pyparsing

define install
	@echo "Installing $(1) (once, about a minute)"
	@( $(call halves,$(1)) ) || $(PIP) install --no-compile --require-hashes -r $(1)
	@$(PIP) install --no-compile --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 -x '/($(SELDOM))/' $(VENV)/lib > /dev/null || true
	@touch $@
endef

$(RUN_STAMP): requirements/run.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/run.txt)

# What the tests need holds all that a run needs, so that one installation is enough for both.
$(TEST_STAMP): requirements/test.txt requirements/run.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/test.txt)
	@touch $(RUN_STAMP)
