# Everything the project needs is installed into .venv from pyproject.toml.
PYTHON ?= python3
PORT ?= 8080
ROUNDS ?= 200
FOLDER ?= gallery
VENV := .venv
BIN := $(VENV)/bin
BROWSER = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: install demo demo-fresh test lint types tests chaos explore bench gallery page browser format clean

install: $(VENV)/.installed ## the environment, in .venv

demo: $(VENV)/.installed ## the whole way, on this machine, at http://127.0.0.1:$(PORT)
	@exec $(BIN)/tallyman demo --port $(PORT)

demo-fresh: $(VENV)/.installed ## the same, from the beginning of its history
	@exec $(BIN)/tallyman demo --port $(PORT) --fresh

test: lint types tests ## what CI runs

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

tests: $(VENV)/.installed-dev browser
	$(BIN)/pytest -n 2 --dist worksteal tests/unit tests/integration tests/acceptance

chaos: $(VENV)/.installed-dev ## killed again and again while Slack misbehaves: make chaos ROUNDS=1000
	CHAOS_ROUNDS=$(ROUNDS) $(BIN)/pytest -s -p no:xdist tests/acceptance/chaos/test_chaos.py

explore: $(VENV)/.installed-dev ## the laws, tried with thousands of examples that nobody has seen yet
	HYPOTHESIS_PROFILE=explore $(BIN)/pytest -n 2 --dist worksteal -m hypothesis tests/unit tests/integration

bench: $(VENV)/.installed-dev ## speed, as ratios taken in one run
	$(BIN)/pytest -s -p no:xdist -o python_files='bench_*.py' -o python_functions='bench_*' tests/benchmarks

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

gallery: $(VENV)/.installed-dev browser ## pictures of every message: make gallery FOLDER=gallery
	$(BIN)/python -m tests.acceptance.page.gallery $(FOLDER)

page: ## rebuild the page's script from packages (needs Node)
	cd page && npm ci && npm run build

browser:
	@if [ -z "$(BROWSER)" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else echo "The page's tests drive a real browser: install Chromium (Debian: apt-get install chromium)."; exit 1; fi; \
	fi

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tallyman needs Python 3.11 or newer; this is %s" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
