# `make` lists the targets. Everything is installed into .venv from the hashed locks; nothing else is touched.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile
RUN := $(VENV)/bin
export NUMBA_CACHE_DIR ?= $(CURDIR)/.numba_cache

.DEFAULT_GOAL := help
.PHONY: help demo test lint types contracts soak bench tables docs lock screenshot clean

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

demo: $(VENV)/.run ## install, run the bundled case with 20,000 draws, leave a report
	$(RUN)/vetopoint run cases/european-presence --draws 20000 --seed 1

test: $(VENV)/.all ## install everything and pass the tests
	$(RUN)/python -m pytest -q

lint: $(VENV)/.all ## formatting, lint, types, and which room may look at which
	$(RUN)/ruff format --check src tests benchmarks tools
	$(RUN)/ruff check src tests benchmarks tools
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache

soak: $(VENV)/.all ## the full counts (slow); writes docs/soak.md
	VETOPOINT_SOAK=1 $(RUN)/python tools/soak.py

bench: $(VENV)/.all ## side by side with other programs, in one run
	for script in benchmarks/*.py; do $(RUN)/python $$script; done

tables: $(VENV)/.all ## published tables, estimated anew from the reference data
	$(RUN)/python tools/validation/tables.py

screenshot: $(VENV)/.all ## the picture in the README, taken of the report in Chromium
	test -f cases/european-presence/out/report.html || $(RUN)/vetopoint run cases/european-presence
	$(RUN)/python tools/screenshot.py cases/european-presence/out/report.html docs/img/report.png

lock: ## resolve the dependencies anew, on purpose
	$(RUN)/python -m pip install --quiet uv
	$(RUN)/uv pip compile pyproject.toml --extra read --group build --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate -o lock/run.txt
	$(RUN)/uv pip compile pyproject.toml --all-extras --group build --group test --group lint --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate -c lock/run.txt -o lock/all.txt

clean: ## remove what was built
	rm -rf $(VENV) .numba_cache cases/*/out cases/*/*.sqlite*
