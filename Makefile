# Service Centre. `make run` needs nothing but Python 3.11 or newer; everything else sets itself up.

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults assets lock messages openapi screenshots format clean
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
SETUP := $(PYTHON) servicecenter/local/bootstrap.py
VENV := .venv/bin/python
WITH := $(VENV) -m servicecenter.local.services --cluster
# the faults, and what is proven by many random cases: money, and the stock as a machine of states
FAULTS_IN := tests/faults tests/claims/test_domain_money.py tests/inventory/test_state_machine.py

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set up what is missing, then web, worker, beat and clock on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(SETUP) && exec $(VENV) -m servicecenter.local.supervisor

test: ## the whole test suite (ARGS="tests/complaints -k handover" for a part)
	@$(SETUP) --dev && exec $(WITH) test -- $(VENV) -m pytest -n 2 --dist loadgroup $(ARGS)

check: ## format, lint, types, import contracts, migrations, messages, OpenAPI file, deployment check
	@$(SETUP) --dev && exec $(WITH) test -- $(VENV) -m servicecenter.local.checks

bench: ## the benchmarks as a table of ratios (SIZE=1m adds the million, WRITE=1 puts it into docs/performance.md)
	@$(SETUP) --dev && exec $(WITH) bench -- $(VENV) -m bench $(if $(SIZE),--size $(SIZE)) $(if $(WRITE),--write) $(ARGS)

faults: ## fault and storm tests in full counts, then once more on PostgreSQL 15 (long)
	@$(SETUP) --faults
	@FAULTS=full $(WITH) faults -- $(VENV) -m pytest $(FAULTS_IN) -n 0 $(ARGS)
	@FAULTS=full $(WITH) pg15 -- $(VENV) -m pytest $(FAULTS_IN) -n 0 $(ARGS)

assets: ## fetch front-end files and fonts into the cache outside the checkout
	@$(SETUP) && $(VENV) servicecenter/local/assets.py

lock: ## requirements/*.txt and package-lock.json from pyproject.toml and package.json (UPGRADE=1 for newer versions)
	@$(SETUP) --dev && $(VENV) -m servicecenter.local.lock $(if $(UPGRADE),--upgrade)

messages: ## collect the texts, draft zh-Hant from zh-Hans
	@$(SETUP) --dev && $(WITH) test -- $(VENV) manage.py messages

openapi: ## write docs/openapi.json
	@$(SETUP) --dev && $(WITH) test -- $(VENV) -m servicecenter.local.openapi

screenshots: ## the pictures of the README, from the demo data in a real browser
	@$(SETUP) --dev && $(WITH) test -- $(VENV) -m tests.screenshots $(ARGS)

format: ## lay out the code and mend what lint can mend
	@$(SETUP) --dev && .venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .

clean: ## remove environment, tool caches and the servers of tests (DATA=1: the data of `make run` too)
	@$(PYTHON) servicecenter/local/clean.py $(if $(DATA),--data)
