# Every target sets up what it needs: a Python environment in .venv, with the locked dependencies.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules
PYTHON ?= $(or $(shell command -v python3.11 || command -v python3),$(error Python 3.11 is needed, and there is none))
ENV := .venv
READY := $(ENV)/.ready
RUN := $(ENV)/bin/python -m cluster_eval
TEST := $(ENV)/bin/python -m pytest --numprocesses 2

# Without it, each process of each report would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE

# ONLY=pcmw,acd  FORCE=1  CONTINUE=1  ENGINE=kernel  TIMEOUT=seconds  PORT=number  DEST=folder  DIRTY=1
# DATA=folder, which make passes on: data that must not be in the repository; see docs/adding-a-cycle.md
CHOICES = $(if $(ENGINE),--engine $(ENGINE)) $(if $(TIMEOUT),--timeout $(TIMEOUT))
# LANGUAGE=pseudo; what else a machine has in this variable is about its own programs.
EDITION_LANGUAGE = $(filter pseudo,$(LANGUAGE))
WHAT = $(if $(ONLY),--only "$(ONLY)") $(if $(filter-out 0,$(FORCE)),--force)

.PHONY: help report watch list validate reconcile publish editions sample messages lab test test-all benchmark lock browser clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

report: cycle $(READY) ## build a cycle's report: make report CYCLE=2024-25
	@$(RUN) report $(CYCLE) $(CHOICES) $(WHAT) $(if $(filter-out 0,$(CONTINUE)),--continue) $(if $(EDITION_LANGUAGE),--language $(EDITION_LANGUAGE))

watch: cycle $(READY) ## build it at every save, and show it: make watch CYCLE=2024-25
	@$(RUN) watch $(CYCLE) $(CHOICES) $(if $(PORT),--port $(PORT))

list: cycle $(READY) ## list the sections, and which are up to date: make list CYCLE=2024-25
	@$(RUN) list $(CYCLE)

validate: cycle $(READY) ## check a cycle's params and data: make validate CYCLE=2024-25
	@$(RUN) validate $(CYCLE)

reconcile: cycle $(READY) ## compare with the published report: make reconcile CYCLE=2024-25
	@$(RUN) reconcile $(CYCLE)

publish: cycle dest $(READY) ## copy a finished report into a folder of editions: make publish CYCLE=2024-25 DEST=../editions
	@$(RUN) publish $(CYCLE) "$(DEST)" $(if $(filter-out 0,$(DIRTY)),--allow-dirty)

editions: dest $(READY) ## list a folder of editions anew, after one was removed: make editions DEST=../editions
	@$(RUN) editions "$(DEST)"

sample: $(READY) ## write the sample data of both cycles again
	@$(ENV)/bin/python -m tools.sample

messages: $(READY) ## write the template of all messages, for translators
	@$(RUN) messages

lab: $(READY) ## open the notebooks in JupyterLab
	@JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" $(ENV)/bin/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

test: $(READY) browser ## run the linter and the quick tests
	@$(ENV)/bin/ruff check .
	@$(ENV)/bin/ruff format --check .
	@$(TEST) --dist worksteal --ignore tests/slow

test-all: test ## run these and the tests of the whole book
	@$(TEST) --dist loadfile tests/slow

benchmark: $(READY) ## measure how long an analyst waits, and what the measures take
	@$(ENV)/bin/python -m benchmarks

lock: $(READY) ## resolve the dependencies of pyproject.toml anew
	@$(PYTHON) tools/environment.py lock

clean: ## remove what was built; the environment stays
	@rm -rf build
	@find . -name __pycache__ -not -path './$(ENV)/*' -prune -exec rm -rf {} +

.PHONY: cycle
cycle:
	$(if $(CYCLE),,$(error which cycle? for example: make $(firstword $(MAKECMDGOALS)) CYCLE=2024-25; \
	cycles with params: $(patsubst params/%.yml,%,$(wildcard params/*.yml))))

.PHONY: dest
dest:
	$(if $(DEST),,$(error publish to which folder? for example: \
	make $(firstword $(MAKECMDGOALS)) $(if $(CYCLE),CYCLE=$(CYCLE) )DEST=../editions))

# The tests open the book in Chromium, which comes from the system and not from PyPI.
browser:
	@command -v chromium > /dev/null || command -v chromium-browser > /dev/null || { \
	  echo "installing chromium, which the tests open the book in"; \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -qq && $$as_root apt-get install -y -qq chromium > /dev/null; }

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) tools/environment.py set-up
	@touch $@
