# Every target is one command, the same on a developer's machine and in CI. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The first Python on the path that is new enough.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)
ARGS ?=

.PHONY: help run test check format fuzz bench lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.ready ## set up if needed, start everything in one process (make run ARGS="--port 8010 --data DIR --no-sample")
	@$(BIN)/python -m services up $(ARGS)

test: $(VENV)/.ready-dev ## run every test (make test ARGS="tests/unit -k phone")
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.ready-dev ## lint, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.ready-dev ## let ruff mend formatting and what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

fuzz: $(VENV)/.ready-dev ## 10,000 schemathesis cases against the whole application, as every role: never a 5xx
	@$(BIN)/python -m tests.fuzz $(ARGS)

bench: $(VENV)/.ready-dev ## ratios against the bare thing underneath, measured in one run (make bench ARGS="segmentation writing")
	@$(BIN)/python -m tests.bench $(ARGS)

lock: $(VENV)/.ready-dev ## resolve the dependencies again into both lock files (hashes, no URLs)
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove the environment and caches; never the data directory
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新的版本 / Python >= 3.11 is needed" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "无法创建虚拟环境；Debian/Ubuntu 请先安装 python3-venv" >&2; exit 1; }

$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo "正在准备运行环境（仅第一次需要，约一分钟）…"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	@echo "正在准备测试环境（仅第一次需要）…"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
