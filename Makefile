# Needs make, git and Python 3.11 or newer; everything else is fetched by the targets themselves.

PYTHON ?= python3
PORT ?= 8000
VENV_PYTHON := .venv/bin/python
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test test-quick lint format bench audit pictures messages lock clean site-packages dev-packages

help: ## print these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: site-packages ## the whole site with demonstration data on http://127.0.0.1:8000/ (another port: make run PORT=8001)
	@$(VENV_PYTHON) -m tools.run

test: dev-packages ## linters, then the whole suite on SQLite and on PostgreSQL; installs what that needs
	@$(VENV_PYTHON) -m tools.check all

test-quick: dev-packages ## the suite on SQLite, without a browser
	@$(VENV_PYTHON) -m tools.check quick

lint: dev-packages ## linters, types, templates and missing migrations
	@$(VENV_PYTHON) -m tools.check lint

format: dev-packages ## put code and templates into their form
	@$(VENV_PYTHON) -m tools.check format

bench: dev-packages ## what pages cost the processor, as multiples of a bare Django view
	@$(VENV_PYTHON) -m benchmarks.pages

audit: dev-packages ## Lighthouse and the weight of pages, on the site as it runs for the public with 500 events
	@$(VENV_PYTHON) -m tools.audit

pictures: dev-packages ## take the pictures in docs/pictures/ again, of every kind of page
	@$(VENV_PYTHON) -m tools.check pictures

messages: dev-packages ## collect texts into the catalogues (needs gettext)
	@DEBUG=on $(VENV_PYTHON) manage.py makemessages -l az -l ru -l tr -i .venv -i tests -i var --no-location --no-wrap

lock: ## write the lock files again after a change of pyproject.toml (all to their newest: make lock UPGRADE=--upgrade)
	@$(PYTHON) tools/lock.py $(UPGRADE)

clean: ## remove the virtual environment and what tools keep; var/ with the database stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find benchmarks config events tests tools -name __pycache__ -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo

site-packages:
	@$(PYTHON) tools/install.py base

dev-packages:
	@$(PYTHON) tools/install.py dev
