PYTHON ?= python3

setup:
	@$(PYTHON) -m tools.setup
