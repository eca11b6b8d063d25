"""After a run that was cut: what was made in Entra, and is not in the stack's state, is found and imported.

Nothing is ever deleted, neither in Entra nor in the state; see ``docs/how-to/when-a-run-was-cut.md``.
"""
