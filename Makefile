# Every target prepares what it needs first; `make setup` is quick once it has run.
PYTHON ?= python3
STACK ?= dev
ARGS ?=
ROUNDS ?= 20

OURS := .venv/bin/python
ON_STACK := $(OURS) -m tools.stack

.DEFAULT_GOAL := help
.PHONY: help setup demo test stories backends languages sdk witnesses fuzz plans check release versions docs site browser pictures up preview refresh recover teardown destroy lint types floors format bench clean

help: ## print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## prepare everything: the locked Python, Pulumi, the azuread plugin
	@$(PYTHON) -m tools.setup

demo: setup ## a made-up company appears in a made-up Elium; KEEP=1 leaves it running
	@$(OURS) -m scripts.demo $(if $(KEEP),--keep) $(if $(TWIN),--twin $(TWIN))

test: setup ## run all tests but the stories; ARGS="-k leaver" picks some
	@$(OURS) -m pytest -n 2 --dist loadfile --ignore tests/stories -m "not engine" $(ARGS)

stories: setup ## tell what happens to people in whole runs, most with the real engine, killed ones too; ARGS="-k teardown"
	@$(OURS) -m pytest -n 2 --dist loadfile -m "not backends" tests/stories $(ARGS)

backends: setup ## bring a stack about with its state in Azure Blob, S3 and PostgreSQL, each a server on loopback
	@$(OURS) -m pytest -n 0 -m backends tests/stories $(ARGS)

languages: sdk ## run the manual's programs in TypeScript and YAML with the real engine; ARGS="-k yaml" picks some
	@$(PYTHON) -m tools.setup --languages
	@$(OURS) -m pytest -n 2 --dist loadfile tests/languages $(ARGS)

sdk: setup ## write the SDKs for TypeScript and Python into sdk/, with Pulumi's own generators
	@$(OURS) -m tools.sdk

witnesses: setup ## let clients that nobody here wrote do the whole job against the emulator; ARGS=go picks one
	@PYTHONPATH=tests $(OURS) -m witnesses.run $(ARGS)

fuzz: setup ## try far more than make test does: requests that nobody sane would send, random histories; ROUNDS=20
	@ROUNDS=$(ROUNDS) $(OURS) -m pytest -n 2 -k "test_abuse or naive_engine" tests/unit/emulator $(ARGS)

plans: setup ## write down anew what the plans in tests/plans say
	@$(OURS) -m pytest -n 0 tests/plans --rewrite
	@git --no-pager diff --stat -- tests/plans

check: ## all that must be green before a change lands
	@.ci/run

release: setup ## build what is committed, as a release, into dist: packages, plugin archives, checksums
	@$(OURS) -m tools.release $(ARGS)

versions: setup ## from an empty folder with nothing but the packages: with the oldest and the newest SDK of Pulumi
	@$(OURS) -m pytest -n 0 -m packages tests/packages $(ARGS)

docs: setup ## write every generated page of the manual anew
	@$(OURS) -m tools.manual

site: setup ## build the manual as a site with search, in site/; a link that leads nowhere fails
	@$(OURS) -m tools.site

browser: site ## look at the site in a real browser: search, every page, a phone's width, contrast
	@$(OURS) -m tools.site.browser $(ARGS)

pictures: setup ## take the pictures of the README anew, in docs/pictures
	@mkdir -p docs/pictures
	@ELIUM_PICTURES="$(CURDIR)/docs/pictures" $(OURS) -m tools.site.browser -n 1 -k test_the_pictures $(ARGS)

up: setup ## pulumi up for STACK=dev; makes the stack if need be; ARGS=--yes does not ask
	@$(ON_STACK) up "$(STACK)" $(ARGS)

preview: setup ## show what up would change, line by line
	@$(ON_STACK) preview "$(STACK)" $(ARGS)

refresh: setup ## read what Entra has now into the state of STACK=dev
	@$(ON_STACK) refresh "$(STACK)" $(ARGS)

recover: setup ## after a run of STACK=dev was cut: say what it left; ARGS=--yes puts it right
	@$(OURS) -m scripts.recover "$(STACK)" $(ARGS)

teardown: setup ## show what taking STACK=dev down with proof does; ARGS="--doit CHECKSUM" does it
	@$(OURS) -m scripts.teardown "$(STACK)" $(ARGS)

destroy: setup ## let Pulumi destroy STACK=dev, where nobody is provisioned any more
	@$(ON_STACK) destroy "$(STACK)" $(ARGS)

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
	rm -rf .venv .venv-* .uv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage dist sdk site
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
