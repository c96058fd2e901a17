# Two commands for a newcomer: `make run` and `make test`. `make help` lists them all.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup setup-test setup-bench run test check quality catalogues supply sbom bench lock clean

BIN := .venv/bin
READY := .venv/.ready
PEERS := .venv-peers
CATALOGUES := $(wildcard locales/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
PROJECT := pyproject.toml tools/setup

export PYTHONUTF8 := 1

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

setup: $(READY) $(COMPILED) ## make .venv with what running needs
	@:

setup-test: $(READY)-test $(COMPILED) ## the same, with what testing needs
	@:

setup-bench: $(READY)-bench $(PEERS)/.ready $(COMPILED) ## the same, with the peers we measure against
	@:

run: setup ## the demo neighbourhood on this machine
	@$(BIN)/python tools/check_port.py
	@$(BIN)/buurtstem first-run

test: setup-test ## all tests
	@$(BIN)/python -m pytest

check: quality test ## what CI does: form, types, layers, languages, tests

quality: setup-test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@NO_COLOR=1 $(BIN)/lint-imports --no-logo
	@$(BIN)/python tools/catalogues.py check
	@$(BIN)/python tools/inventory.py check

catalogues: setup-test ## bring the catalogues up to date with the code
	@$(BIN)/python tools/catalogues.py update

supply: setup-test ## licences, known weaknesses and lateness of what is locked
	@$(BIN)/python -m tools.licences
	@$(BIN)/python -m tools.advisories
	@$(BIN)/python -m tools.ages

sbom: setup-test ## write var/sbom.json: all that the product is made of (CycloneDX)
	@mkdir -p var
	@$(BIN)/python -m tools.sbom var/sbom.json

bench: setup-bench ## the figures of docs/performance.md
	@$(BIN)/python -m bench

lock: ## resolve all dependencies anew (needs uv)
	@tools/lock

clean: ## remove what the other commands made, but not your data in var/ and .env
	@rm -rf .venv $(PEERS) build *.egg-info .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis $(COMPILED)

$(READY): requirements.lock $(PROJECT)
	@tools/setup
	@touch $@

$(READY)-test: requirements-dev.lock $(READY)
	@tools/setup requirements-dev.lock
	@touch $@

$(READY)-bench: requirements-bench.lock $(READY)
	@tools/setup requirements-bench.lock
	@touch $@

$(PEERS)/.ready: requirements-peers.lock $(PROJECT)
	@tools/setup requirements-peers.lock $(PEERS)
	@touch $@

%.mo: %.po | $(READY)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
