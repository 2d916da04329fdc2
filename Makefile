# `make vet` and `make test` do everything on a fresh machine; the rest is for those who work on Clearance.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
RELEASE ?= claude-code
UV := .bootstrap/bin/uv
export UV_PYTHON_DOWNLOADS := never

.PHONY: help vet test test-all check format docs bench setup clean

help:  ## Show this list.
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready  ## Install system packages, Python packages and `.venv/bin/clearance`.

.venv/.ready: pyproject.toml uv.lock bootstrap.txt scripts/system-packages
	@scripts/system-packages
	@test -x $(UV) || { $(PYTHON) -m venv .bootstrap && .bootstrap/bin/pip install -q --disable-pip-version-check --require-hashes -r bootstrap.txt; }
	@$(UV) sync --quiet --frozen --all-extras --compile-bytecode --python $(PYTHON)
	@.venv/bin/python -m compileall -q src
	@touch $@

vet: setup  ## Vet a real release (RELEASE=name@version) and print where the report is.
	@.venv/bin/clearance vet $(RELEASE) || test $$? -eq 1

test: setup  ## Run the tests, real releases included (needs the registries); installs PostgreSQL and named-checkzone for them.
	@scripts/system-packages postgresql bind9-utils
	@.venv/bin/pytest -m "not slow"

test-all: setup  ## Run every test, also those that take many minutes.
	@scripts/system-packages postgresql bind9-utils
	@.venv/bin/pytest

check: setup  ## Format, lint, types, import arrows and fast tests: under a minute.
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache >/dev/null || .venv/bin/lint-imports --no-cache
	@.venv/bin/pytest -n 2 --hypothesis-profile=quick -m "not slow and not long and not network and not room"

format: setup  ## Format the code.
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

docs: setup  ## Write the generated pages of docs/ anew.
	@.venv/bin/python -m scripts.generate_docs

bench: setup  ## Run the benchmarks; they print ratios.
	@.venv/bin/python bench/campaign.py

clean:  ## Remove what make made.
	@rm -rf .venv .bootstrap .mypy_cache .ruff_cache .pytest_cache
