# Faceline. `make run` starts everything; `make test` tests it. Both install first what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
TORCH := torch==2.13.0
# where the CPU build of torch comes from (200 MB; the build that PyPI gives on Linux is for graphics cards, and 3 GB)
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
PRINT_DEPENDENCIES := 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")'
PYTEST ?=
SITE ?= http://localhost:8000
ACCOUNT ?= admin

.PHONY: help install dependencies networks run test test-compose lint lint-styles types screenshots sample figures clean

help:
	@echo "make run          install, start everything, print the address; Ctrl-C stops"
	@echo "make install      the first part alone; then .venv/bin/python manage.py … works; in steps, as the image is built:"
	@echo "                  make dependencies, make networks, make install"
	@echo "make test         install test dependencies, run all tests, two at a time (PYTEST=\"-k name\" for some)"
	@echo "make test-compose run compose.yaml as a user would, and break it (needs Docker)"
	@echo "make lint types   ruff, spelling, import contracts, templates, style sheets (needs npm); mypy"
	@echo "make screenshots  retake docs/screenshots from the running installation (FACELINE_PASSWORD=…)"
	@echo "make figures      measure every figure of the model cards again (FACELINE_DATA=…, the folder of data sets)"
	@echo "make sample       build the sample video from its pictures"

install: $(VENV)/.installed

dependencies: $(VENV)/.dependencies

networks: $(VENV)/.networks

run: install
	@$(BIN)/python manage.py up

test: $(VENV)/.installed-test
	@scripts/run_tests.sh $(BIN)/python $(PYTEST)

test-compose:
	@scripts/test_compose.sh

lint: $(VENV)/.installed-test lint-styles
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports

# stylelint is the one check that needs Node.js; nothing of node_modules is served
lint-styles:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.installed && \
	    node_modules/.bin/stylelint "static/css/*.css"; \
	else echo "Style sheets were not checked: that needs Node.js 18 or newer with npm."; fi

types: $(VENV)/.installed-test
	$(BIN)/mypy

screenshots: $(VENV)/.installed-test
	@test -n "$$FACELINE_PASSWORD" || { echo "Start \`make run\` first, then: FACELINE_PASSWORD=… make screenshots"; exit 1; }
	$(BIN)/python scripts/screenshots.py $(SITE) $(ACCOUNT)

sample: install
	$(BIN)/python scripts/make_sample.py
	$(BIN)/python scripts/make_sample_preview.py

figures: install
	@test -n "$$FACELINE_DATA" || { echo "Name the folder of data sets: FACELINE_DATA=… make figures"; exit 1; }
	scripts/make_figures.sh $(BIN)/python "$$FACELINE_DATA"

clean:
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# --- installing: once, and again when what is listed has changed ---

node_modules/.installed: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Faceline needs Python 3.11 or newer: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.dependencies: $(BIN)/pip pyproject.toml requirements.lock scripts/install_torch.sh
	scripts/install_torch.sh "$(PIP)" "$(TORCH)" "$(TORCH_INDEX)"
	$(BIN)/python -c $(PRINT_DEPENDENCIES) > $(VENV)/dependencies.txt
	$(PIP) install --quiet --constraint requirements.lock --requirement $(VENV)/dependencies.txt
	$(PIP) install --quiet --no-deps facenet-pytorch==2.6.0
	@touch $@

$(VENV)/.networks: $(VENV)/.dependencies
	@echo "Converting the networks for this machine …"
	$(BIN)/python -m analysis.runtime
	@touch $@

$(VENV)/.installed: $(VENV)/.networks
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install --quiet --constraint requirements.lock --editable '.[test]'
	$(PIP) install --quiet --no-deps trackeval==1.3.0
	@touch $@
