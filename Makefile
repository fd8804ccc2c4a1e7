# Perennial's commands. `make` alone lists them.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
# Nothing is compiled at install: the first run compiles what it uses, and must be let keep it.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help install run demo check test bench lock clean

PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)
LOCKING = uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --group build

ifdef UV
NEW_VENV = uv venv --quiet --allow-existing --python $(or $(PYTHON),'>=3.11') .venv
PIP_INSTALL = uv pip install --quiet --python .venv/bin/python
else
NEW_VENV = $(or $(PYTHON),$(error Perennial needs Python 3.11 or newer, and this machine has none: install one, or install uv)) -m venv .venv
PIP_INSTALL = .venv/bin/python -m pip install -qq --disable-pip-version-check --no-compile
endif

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp  ## serve Perennial on this machine
	@.venv/bin/perennial serve

demo: .venv/run.stamp  ## the same, with a made-up team and its candidates
	@.venv/bin/perennial serve --demo

install: .venv/dev.stamp  ## everything needed to work on the code, in .venv

check: .venv/dev.stamp  ## format, lint, types, imports, and what is known to be unsafe; seconds
	@.venv/bin/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ."; exit 1; }
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/bandit --quiet --configfile pyproject.toml --recursive app.py core pages
	@.venv/bin/python -m tests.advisories

test: .venv/dev.stamp  ## every test, on SQLite and PostgreSQL
	@.venv/bin/pytest -n logical --maxprocesses 8 --dist worksteal

bench: .venv/dev.stamp  ## how fast it is with many candidates
	@.venv/bin/python -m tests.bench

lock:  ## bring both locks to the newest versions pyproject.toml allows (needs uv)
	@$(LOCKING) -o requirements.lock
	@$(LOCKING) --group dev --constraint requirements.lock -o requirements-dev.lock

clean:  ## remove what was installed and built; data stays
	@rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is older than a lock or pyproject.toml that has changed since. Whoever has all of it can run it.
.venv/run.stamp: requirements.lock pyproject.toml
	@echo "Installing what Perennial needs into .venv; the first time takes about a minute."
	@$(NEW_VENV)
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	@echo "Installing the tools for working on it."
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
