# Each target is one command of .ci/tasks.py, which sets up what is missing.
# Another interpreter: make book PYTHON=python3.13
# More words for the tool behind a target: make test ARGS="-k maps"

PYTHON ?= python3
ARGS ?=
TASK = @command -v $(PYTHON) >/dev/null 2>&1 || { \
	echo "No $(PYTHON) on this machine: install Python 3.11, 3.12 or 3.13," \
	     "or name yours: make $@ PYTHON=/path/to/python" >&2; exit 1; }; \
	$(PYTHON) .ci/tasks.py

.DEFAULT_GOAL := help
.PHONY: help book test lint check reproduce bench lab serve lock audit licences links clean
.PHONY: zip epub pdf lite site

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

book: ## Build the site into _build/html, setting up what is missing
	$(TASK) book

zip: ## Pack the site into one zip for reading offline
	$(TASK) zip

epub: ## Make the book as EPUB, for e-readers
	$(TASK) epub

pdf: ## Print the book as PDF, with Chromium
	$(TASK) pdf

lite: ## Build the chapters as JupyterLite, to run in the browser alone
	$(TASK) lite

site: ## Make zip, EPUB, PDF and the site as it is published, in _build/site
	$(TASK) site

test: ## Build the site and run all checks and tests, in a real browser too
	$(TASK) test $(ARGS)

lint: ## Check style and formatting of the code and the notebooks
	$(TASK) lint

check: ## Check the data only, in a few seconds
	$(TASK) check

reproduce: ## Build twice under different circumstances and compare the sites
	$(TASK) reproduce

bench: ## Measure builds next to a stock Jupyter Book (less: ARGS=quick)
	$(TASK) bench $(ARGS)

lab: ## Open the chapters in JupyterLab; needs no network
	$(TASK) lab $(ARGS)

serve: ## Show the built site at http://127.0.0.1:8000/
	$(TASK) serve $(ARGS)

lock: ## Make every requirements.txt anew (all newest: ARGS=--upgrade)
	$(TASK) lock $(ARGS)

audit: ## Ask for known weaknesses of the locked packages; needs a network
	$(TASK) audit

licences: ## Make LICENCES.md anew from what the packages say of themselves
	$(TASK) licences

links: ## Ask every outside address whether it still answers; needs a network
	$(TASK) links $(ARGS)

clean: ## Remove the built site and all caches, but not .venv
	$(TASK) clean
