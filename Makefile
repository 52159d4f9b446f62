# headway: `make demo` and `make test` do all their own set-up.
#   demo    train small language models here and watch them live     PORT=6006
#   test    everything that CI runs: checks, unit and browser tests
#   check   linters, types, generated files                          dev    page with hot reload + server
#   bench   measure against the peers, one table                     build  sdist and wheel in dist/
#   gallery  the pictures of the documentation, taken anew
#   fuzz    a million hostile inputs, guided by coverage
PYTHON ?= python3
PORT ?= 6006
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find src/headway -name "*.pyx" -o -name "*.pxd" -o -name "*.h") pyproject.toml hatch_build.py
PAGE := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: demo setup dev check test fuzz bench gallery build clean

demo: $(VENV)/.runtime
	$(BIN)/headway demo --port $(PORT)

setup: $(VENV)/.dev

# Python ≥ 3.11, one environment. The editable install compiles the extension and builds the page.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "headway needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@command -v npm >/dev/null || { echo "headway needs Node.js 20 or newer to build its page: npm was not found"; exit 1; }
	@command -v $${CC:-cc} >/dev/null || { echo "headway needs a C compiler: $${CC:-cc} was not found"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.created $(SOURCES) $(PAGE)
	$(BIN)/pip install -q --disable-pip-version-check -e .
	@touch $@

# torch before anything that would pull another build of it
$(VENV)/.dev: $(VENV)/.runtime
	$(BIN)/pip install -q --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund

check: $(VENV)/.dev web/node_modules/.package-lock.json
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m headway.server.typescript --check web/src/api/types.ts
	cd web && npm run --silent check

test: check
	@$(BIN)/python tests/browser/chromium.py
	cd web && npm run --silent test
	$(BIN)/pytest

dev: $(VENV)/.dev web/node_modules/.package-lock.json
	$(BIN)/python -m headway view runs --no-open --port $(PORT) & trap 'kill $$!' EXIT INT TERM; cd web && HEADWAY_PORT=$(PORT) npm run dev

# A million inputs of every decoder and importer, guided by coverage.
fuzz: $(VENV)/.dev
	$(BIN)/pip install -q --disable-pip-version-check -e '.[fuzz]'
	$(BIN)/python tests/fuzz/run.py

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

gallery: $(VENV)/.dev
	$(BIN)/python docs/gallery.py

build: $(VENV)/.dev
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) build dist web/node_modules src/headway/web
	find src -name '*.so' -o -name '*.pyd' -o -name __pycache__ | xargs rm -rf
