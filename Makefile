# Two commands do everything: `make train`, `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BENCHMARKS := $(filter-out %/shared_data.py,$(wildcard experiments/benchmarks/*.py))
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help train test lint bench docs data-check report clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

train: $(VENV)/.installed  ## set up, then train every experiment on the sample in data/
	@$(PY) -m research train experiments/*.toml

test: $(VENV)/.dev  ## set up, then run the tests
	@$(PY) -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev  ## ruff, mypy --strict, import-linter
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.dev  ## measure on real data, beside what a user would otherwise take
	@$(PIP) install -c constraints.txt -e '.[bench]'
	@for script in $(BENCHMARKS); do echo "== $$script"; $(PY) $$script || exit 1; done

docs: $(VENV)/.installed  ## write the reference pages anew, and build the pages of docs/ as a site
	@$(PIP) install -c constraints.txt -e '.[docs]'
	@$(PY) docs/reference.py
	@$(PY) -m mkdocs build --quiet
	@echo build/site/index.html

data-check: $(VENV)/.installed  ## check the sample in data/
	@$(PY) data/check.py

report: train  ## write every run's report anew
	@for run in runs/*/; do $(PY) -m research report $$run || exit 1; done

clean:  ## remove what the commands above made
	rm -rf $(VENV) runs build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; call make with PYTHON=python3.12, say")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing into $(VENV) …"
	@$(PIP) install -c constraints.txt -e '.[pdf,excel,word]'
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@command -v chromium >/dev/null || tests/install-chromium.sh
	@touch $@
