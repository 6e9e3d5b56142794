# Everything that is done with this folder. `make` alone says what there is.
# Needs Python 3.11 or newer and make; all else is put into .venv by the pinned lists.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip -qq --disable-pip-version-check --no-input
BIN := $(VENV)/bin

# An environment whose making was interrupted, or that another tool made, may lack pip.
WITH_PIP = $(PY) -m pip --version >/dev/null 2>&1 </dev/null || $(PY) -m ensurepip >/dev/null </dev/null
JS := tests/sandbox/js

# Extras of the channels that belong to the run-time list, as `--extra telegram`.
CHANNELS :=
LOCK = --quiet --generate-hashes --universal --no-emit-index-url --no-emit-find-links \
	--python-version 3.11 --custom-compile-command "make lock" --group build \
	--python $(BIN)/python
PINNED := requirements.lock requirements-dev.lock requirements.txt

# What is asked of an interpreter: its age, and that it can make an environment with pip in it.
FIT := import sys; raise SystemExit(sys.version_info < (3, 11))
WHOLE := import ensurepip, venv

.PHONY: help
help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV)/.run ## order a cake in this terminal; ARGS="--form SLUG" for another form
	@$(BIN)/threadform demo $(ARGS)

.PHONY: tour
tour: $(VENV)/.run ## watch whole conversations play by themselves, in under a minute
	@$(BIN)/threadform tour $(ARGS)

.PHONY: test
test: $(VENV)/.dev ## run the tests; ARGS="-k word" for some of them
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

.PHONY: check
check: lint types imports deps locks cover ## everything that must hold before a change is taken

.PHONY: lint
lint: $(VENV)/.dev ## style and layout of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: $(VENV)/.dev ## both type checkers
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(PY)

.PHONY: imports
imports: $(VENV)/.dev ## which module may import which
	$(BIN)/lint-imports --no-cache

.PHONY: deps
deps: $(VENV)/.dev ## every import is declared, every declared one is used
	$(BIN)/deptry .

.PHONY: locks
locks: $(VENV)/.dev ## the pinned lists fit pyproject.toml
	@rm -rf build/locks && mkdir -p build/locks && cp pyproject.toml $(PINNED) build/locks
	@$(MAKE) -s -C build/locks -f "$(CURDIR)/Makefile" pins BIN="$(CURDIR)/$(BIN)" UPGRADE=
	@for name in $(PINNED); do \
		cmp -s $$name build/locks/$$name || { echo "$$name is out of date: make lock" >&2; exit 1; }; \
	done

.PHONY: cover
cover: $(VENV)/.dev ## the tests, and how much of the code they reach
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report= $(ARGS)
	$(PY) tests/coverage_gates.py

.PHONY: lock
lock: $(VENV)/.dev ## pin anew what pyproject.toml asks for (UPGRADE=--upgrade: the newest)
	@$(MAKE) -s pins

# In the folder where it runs, which need not be this one. pip refuses hashes beside a folder to
# install, so requirements.txt holds the same pins without them.
.PHONY: pins
pins:
	$(BIN)/uv pip compile $(LOCK) $(UPGRADE) --extra dev $(CHANNELS) \
		pyproject.toml --output-file requirements-dev.lock
	$(BIN)/uv pip compile $(LOCK) $(UPGRADE) --constraints requirements-dev.lock $(CHANNELS) \
		pyproject.toml --output-file requirements.lock
	{ echo "# Made by: make lock. For hosts that install this file and know no other."; \
		sed -n '/^setuptools==/d; s/ \\$$//; /^[a-z].*==/p' requirements.lock; \
		echo .; } > requirements.txt

.PHONY: js
js: ## install the official JavaScript client, for the tests that use it (needs Node)
	@if command -v npm >/dev/null 2>&1; then \
		cd $(JS) && npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error; \
	else \
		echo "js: skipped, no npm here"; \
	fi

.PHONY: clean
clean: ## remove .venv and everything that was made
	rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* coverage.json $(JS)/node_modules \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find bridge adapters tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Standard input belongs to the demo, so nothing below may read it.
$(PY):
	@fit=; whole=; \
	for name in $(PYTHON) $(if $(PYTHON),,python3.14 python3.13 python3.12 python3.11 python3 python); do \
		"$$name" -c '$(FIT)' >/dev/null 2>&1 </dev/null || continue; \
		fit=$${fit:-$$name}; \
		if "$$name" -c '$(WHOLE)' >/dev/null 2>&1 </dev/null; then whole=$$name; break; fi; \
	done; \
	if [ -z "$$fit" ]; then \
		echo "threadform needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3.11" >&2; \
		exit 1; \
	fi; \
	if [ -z "$$whole" ]; then \
		echo "$$fit can't make environments: install its venv package (Debian, Ubuntu: sudo apt install python3-venv)" >&2; \
		exit 1; \
	fi; \
	echo "Setting up .venv with $$("$$whole" --version), once; this takes about a minute." >&2; \
	"$$whole" -m venv --clear $(VENV) </dev/null

$(VENV)/.run: requirements.lock $(PY)
	@$(WITH_PIP)
	@$(PIP) install --require-hashes -r requirements.lock </dev/null
	@$(MAKE) --no-print-directory $(VENV)/.project
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(PY)
	@$(WITH_PIP)
	@$(PIP) install --require-hashes -r requirements-dev.lock </dev/null
	@$(MAKE) --no-print-directory $(VENV)/.project
	@touch $@

$(VENV)/.project: pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable . </dev/null
	@touch $@
