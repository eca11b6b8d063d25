# Every target prepares what it needs first; `make setup` is quick once it has run.
PYTHON ?= python3
STACK ?= dev
ARGS ?=

OURS := .venv/bin/python
PULUMI := $(OURS) -m tools.environment --keep-backend pulumi

.DEFAULT_GOAL := help
.PHONY: ours-or-contoso help setup demo test check docs up preview destroy lint types floors format bench clean

help: ## print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## prepare everything: the locked Python, Pulumi, the azuread plugin
	@$(PYTHON) -m tools.setup

demo: setup ## a made-up company appears in a made-up Elium; KEEP=1 leaves it running
	@$(OURS) -m scripts.demo $(if $(KEEP),--keep)

test: setup ## run all tests; ARGS="-k leaver" picks some
	@$(OURS) -m pytest -n 2 --dist loadfile $(ARGS)

check: ## all that must be green before a change lands
	@.ci/run

docs: setup ## write every generated page of the manual anew
	@$(OURS) -m tools.manual

# The stack dev belongs to the made-up company, whose environment `make demo KEEP=1` prints.
ours-or-contoso:
	@if [ "$(STACK)" = dev ] && [ -z "$$ELIUM_EMULATOR_URL$$PULUMI_CONFIG_PASSPHRASE$$PULUMI_CONFIG_PASSPHRASE_FILE" ]; then \
	    echo 'The stack dev is the made-up company: run `make demo KEEP=1` and the eval that it prints; or name yours, STACK=…' >&2; \
	    exit 2; \
	fi

up: ours-or-contoso setup ## pulumi up for STACK=dev; ARGS=--yes does not ask
	@$(PULUMI) stack select --create $(STACK)
	@$(PULUMI) up --stack $(STACK) $(ARGS)

preview: ours-or-contoso setup ## show what up would change, line by line
	@$(PULUMI) stack select --create $(STACK)
	@$(PULUMI) preview --diff --stack $(STACK) $(ARGS)

destroy: ours-or-contoso setup ## take everything of STACK=dev down
	@$(PULUMI) destroy --stack $(STACK) $(ARGS)

lint: setup ## read the code for mistakes
	@$(OURS) -m ruff check

types: setup ## check the types
	@$(OURS) -m mypy

floors: setup ## check which part may import which
	@$(OURS) .venv/bin/lint-imports

format: setup ## lay the code out
	@$(OURS) -m ruff format

bench: setup ## measure everything that has to be fast, and what the set-up itself costs
	@$(OURS) -m bench
	@$(OURS) -m tools.bench

clean: ## remove the Python environments and what tools left; stacks in .state stay
	rm -rf .venv .uv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
