"""What a pipeline calls to take a stack down: ``elium teardown`` in the environment of this clone."""
