# `make` lists the targets. Everything is installed into .venv from the hashed locks; nothing else is touched.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile
RUN := $(VENV)/bin
WORKERS ?= auto
export NUMBA_CACHE_DIR ?= $(CURDIR)/.numba_cache
# What one process compiled, the next one finds: nothing is compiled at installation, and the tests start some hundred processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test quick lint types contracts coverage soak bench tables docs rooms patterns lock screenshot clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

$(VENV)/.run: lock/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name one with make PYTHON=…")'
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r lock/run.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.all: lock/all.txt $(VENV)/.run
	$(PIP) --require-hashes -r lock/all.txt
	touch $@

$(VENV)/.docs: lock/docs.txt $(VENV)/.run
	$(PIP) --require-hashes -r lock/docs.txt
	touch $@

demo: $(VENV)/.run ## install, run the bundled case with 20,000 draws, leave a report
	$(RUN)/vetopoint run cases/european-presence --draws 20000 --seed 1

test: $(VENV)/.all ## install everything and pass the tests, shared out over the processors (WORKERS=0: in one process)
	$(RUN)/python -m pytest -q -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

quick: $(VENV)/.all ## the unit tests that take no corpus, browser or whole run (under a minute)
	$(RUN)/python -m pytest -q -m "not slow" tests/unit

lint: $(VENV)/.all types contracts ## formatting, lint, types, and which room may look at which
	$(RUN)/ruff format --check src tests benchmarks tools
	$(RUN)/ruff check src tests benchmarks tools

types: $(VENV)/.all ## strict types
	$(RUN)/mypy

contracts: $(VENV)/.all ## which room may look at which
	$(RUN)/lint-imports --no-cache

coverage: $(VENV)/.all ## lines that the tests reach: unit tests with kernels uncompiled, then the slow ones; fails under 90 %
	rm -f .coverage .coverage.*
	NUMBA_DISABLE_JIT=1 COVERAGE_FILE=.coverage.units $(RUN)/coverage run -m pytest -q -m "not slow" tests/unit
	COVERAGE_FILE=.coverage.slow $(RUN)/coverage run -m pytest -q -m slow
	$(RUN)/coverage combine
	$(RUN)/coverage report --skip-covered --fail-under=90

soak: $(VENV)/.all ## the full counts (slow); writes docs/soak.md
	VETOPOINT_SOAK=1 $(RUN)/python tools/soak.py

bench: $(VENV)/.all ## side by side with other programs, in one run
	for script in benchmarks/*.py; do $(RUN)/python $$script; done

tables: $(VENV)/.all ## published tables, estimated anew from the reference data
	$(RUN)/python tools/validation/tables.py

docs: $(VENV)/.docs ## the documentation as a site, in build/docs
	$(RUN)/python -m sphinx -q -W --keep-going -b html docs build/docs

rooms: $(VENV)/.all ## the picture of the rooms in docs/architecture.md, from the imports
	$(RUN)/python tools/rooms.py

patterns: $(VENV)/.all ## the patterns of plans as cases in cases/patterns, with pictures of their trees
	$(RUN)/python tools/patterns.py

screenshot: $(VENV)/.all ## the picture in the README, taken of the report in Chromium
	test -f cases/european-presence/out/report.html || $(RUN)/vetopoint run cases/european-presence
	$(RUN)/python tools/screenshot.py cases/european-presence/out/report.html docs/img/report.png

lock: ## resolve the dependencies anew, on purpose
	$(RUN)/python -m pip install --quiet uv
	$(RUN)/uv pip compile pyproject.toml --extra read --group build --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate -o lock/run.txt
	$(RUN)/uv pip compile pyproject.toml --all-extras --group build --group test --group lint --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate -c lock/run.txt -o lock/all.txt
	$(RUN)/uv pip compile pyproject.toml --group docs --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate -c lock/all.txt -o lock/docs.txt

clean: ## remove what was built
	rm -rf $(VENV) .numba_cache build cases/*/out cases/*/*.sqlite*
