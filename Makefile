# `make` alone prints every command. All that is needed is Python 3.11+ (with venv) and make.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
# Three at once, each with servers of its own: much of the suite is waiting for what was killed to be missed.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
# Who is to show every line of the core; all else would only be slower by half for being watched.
TRACED := tests/domain tests/workflows tests/sweeps tests/api/test_acceptance.py tests/panel/test_acceptance.py
# The engine imports a workflow's modules anew for each order: from source, that is a tenth of all work.
unexport PYTHONDONTWRITEBYTECODE
TEMPLATES := $(wildcard emails/templates panel/templates simulators/templates)
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header

.DEFAULT_GOAL := help
.PHONY: help up test check soak bench screenshots fix migration history lock

help: ## print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(STAMP) ## start everything in the foreground; Ctrl-C stops it, nothing is lost
	@exec $(BIN)/python -I -S local/leash.py TERM $(BIN)/python -m local.up

test: $(STAMP) ## the whole suite, on real servers of its own
	@$(BIN)/python -m local.browser
	$(PYTEST)

check: $(STAMP) ## what CI runs, fastest first
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/djlint --check --lint $(TEMPLATES)
	$(BIN)/python -m local.drift
	@$(BIN)/python -m local.browser
	$(PYTEST) $(TRACED) --cov --cov-report=term-missing --cov-fail-under=99
	$(PYTEST) $(addprefix --ignore=,$(TRACED))

soak: $(STAMP) ## the books under 1,000,000 random operations; the suite's own soak has 200,000
	SOAK=1000000 $(BIN)/python -m pytest -s tests/db/test_soak.py

bench: $(STAMP) ## how fast it is here: prints a table, writes bench/results.json
	$(BIN)/python -m bench.sweep
	$(BIN)/python -m bench.lists

screenshots: $(STAMP) ## every page at 1280 and 390 px, into var/screenshots
	@mkdir -p var/screenshots
	PICTURES=var/screenshots $(BIN)/python -m pytest -q tests/panel/test_access.py

fix: $(STAMP) ## put right what a machine can: format, imports, simple findings
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --reformat --quiet $(TEMPLATES) || true  # it fails when it has changed something

migration: $(STAMP) ## m="what it does": write a migration from the models
	@test -n "$(m)" || { echo 'make migration m="what it does"'; exit 2; }
	$(BIN)/python -m local.migration "$(m)"

history: $(STAMP) ## id=<order>: save an order's history as a replay case
	@test -n "$(id)" || { echo 'make history id=<order>'; exit 2; }
	$(BIN)/python -m local.history "$(id)"

lock: $(STAMP) ## write the lock files anew from pyproject.toml; with=--upgrade takes the newest of everything
	$(LOCK) $(with) --group dev pyproject.toml --output-file requirements.lock
	$(LOCK) $(with) --constraint requirements.lock pyproject.toml --output-file requirements-prod.lock
	echo uv | $(LOCK) $(with) - --output-file requirements-uv.lock

# uv comes first, by pip and its hash; uv then sets the rest up in seconds, compiled: starts are three times as fast.
# Like pip, uv and npm are told to believe whom the machine believes: a network may have a certificate of its own.
$(STAMP): requirements-uv.lock requirements.lock panel/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-uv.lock
	@$(BIN)/uv pip sync --quiet --system-certs --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock || { \
	  echo "uv could not; pip, which may be set up for this network, tries the same."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock; }
	@PATH="$(CURDIR)/$(BIN):$$PATH" NODE_OPTIONS="$$NODE_OPTIONS --use-system-ca" $(BIN)/npm ci --prefix panel --loglevel=error
	@touch $@
