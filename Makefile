# Every target needs no environment and may be repeated. `make` alone lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
PLOTLY := plotly.js-basic-dist-min@4.1.1
TYPESCRIPT := 5.9.3
TSC := .tools/typescript-$(TYPESCRIPT)/node_modules/typescript/lib/tsc.js
PYTHON := .venv/bin/python
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po locale/*/*/LC_MESSAGES/*.po))
# A shim that cannot find its Python is on PATH too, so uv counts only when it runs.
UV = $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo .tools/bin/uv; fi)
PYTEST := $(PYTHON) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile
# Settings as in production, for the checks that look at those; the database is never written.
IN_MEMORY := DATABASE_URL=sqlite://:memory:
AS_IN_PRODUCTION := $(IN_MEMORY) ALLOWED_HOSTS=indicators.example BEHIND_PROXY=true \
	MAIL_URL=smtp://mail.example:25 \
	SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH

.PHONY: help setup environment fonts run sample test test-scripts test-sqlite test-postgresql browser \
	lint script-types format bench vendor

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' Makefile

setup: environment $(MESSAGES) fonts ## install what uv.lock names into .venv, compile the translations, fetch fonts
	@:

fonts: environment # Noto Sans TC for printed reports, fetched when it is not there
	@$(PYTHON) -m reports.documents.fonts

run: setup ## build the database if there is none and serve it on 127.0.0.1:8000 (PORT=…)
	@$(call serve,create_first_administrator)

sample: PORT = 8001
sample: export SAMPLE = true
sample: setup ## the same with synthetic months to try the monthly work on, on 127.0.0.1:8001
	@$(call serve,load_sample)

define serve
$(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
	{ echo "Port $(PORT) is in use. Try: make $@ PORT=$$(($(PORT) + 1))"; exit 1; }; \
$(PYTHON) manage.py migrate --verbosity 0 && \
$(PYTHON) manage.py load_review && \
$(PYTHON) manage.py $(1) && \
echo "Open http://127.0.0.1:$(PORT)/ (Ctrl-C ends)" && \
{ $(PYTHON) manage.py db_worker --no-reload & worker=$$!; trap "kill $$worker 2>/dev/null" EXIT; \
$(PYTHON) manage.py runserver 127.0.0.1:$(PORT); }
endef

test: lint test-scripts test-sqlite test-postgresql ## lint, the whole suite on SQLite and on PostgreSQL, browser included, its coverage
	$(PYTHON) -m tests.coverage

test-sqlite: setup browser ## the suite on SQLite
	env -u DATABASE_URL -u SECRET_KEY COVERAGE_FILE=.cache/coverage/sqlite $(PYTEST) --cov --cov-report=

# Measuring costs time, and only one room does on PostgreSQL what it does not do on SQLite.
test-postgresql: setup browser ## the suite on a PostgreSQL server started for it alone
	env -u SECRET_KEY COVERAGE_FILE=.cache/coverage/postgresql $(PYTHON) -m tests.databases -- \
		$(PYTEST) --require-postgresql --cov=indicators/entry --cov-report=

test-scripts: # the scripts' pure half on node's own test runner
	@if command -v node >/dev/null; then node --test --test-reporter=dot tests/scripts/*.test.mjs; \
	else echo "node is not here: the unit tests of static/js are left out."; fi

browser: setup # a Chromium, a font for Chinese and LibreOffice, fetched when there are none
	@$(PYTHON) -m tests.e2e.browser

lint: setup script-types ## style, types, imports, scripts, templates, settings, migrations, translations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	PYTHONPATH=. .venv/bin/lint-imports --no-logo
	.venv/bin/djlint templates --lint --quiet
	$(IN_MEMORY) $(PYTHON) manage.py makemigrations --check --dry-run
	$(AS_IN_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) -m tests.translations

script-types: # of static/js, checked by TypeScript
	@if ! command -v npm >/dev/null; then \
		echo "npm is not here: the types of static/js are not checked."; \
	elif [ -f $(TSC) ] || npm install --silent --no-audit --no-fund \
			--prefix .tools/typescript-$(TYPESCRIPT) typescript@$(TYPESCRIPT); then \
		node $(TSC) --project jsconfig.json; \
	else echo "TypeScript could not be fetched: the types of static/js are not checked."; fi

format: setup ## mend what ruff can mend
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup ## pages, imports, spreadsheets and reports measured against what they could cost at least, on both databases
	$(PYTHON) -m benchmarks.overview
	$(PYTHON) -m benchmarks.imports
	$(PYTHON) -m benchmarks.outputs
	$(PYTHON) -m benchmarks.reports

environment: $(filter-out uv,$(UV))
	@$(UV) sync --locked --quiet

%.mo: %.po | environment
	@$(PYTHON) -m babel.messages.frontend --quiet compile --statistics -l $(notdir $(abspath $(@D)/..)) -i $< -o $@

.tools/bin/uv:
	@for python in python3 /usr/bin/python3; do \
		$$python -m venv .tools 2>/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -yqq python3-venv && /usr/bin/python3 -m venv .tools; \
	else \
		echo "Install uv (https://docs.astral.sh/uv/) or Python 3 with venv, then run make again."; exit 1; \
	fi
	@.tools/bin/pip install --quiet --disable-pip-version-check uv

vendor: ## fetch the browser libraries anew from npm and check them (needs npm)
	@cd static/vendor && npm pack --silent $(PLOTLY) >/dev/null && \
		tar --extract --gzip --file plotly.js-basic-dist-min-*.tgz --strip-components=1 \
			package/plotly-basic.min.js package/LICENSE && \
		mv LICENSE plotly-basic.LICENSE && rm plotly.js-basic-dist-min-*.tgz && \
		sha256sum --check checksums.sha256
