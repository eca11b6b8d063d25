"""What a run that was cut has left: made in Entra, and not in the stack's state. It is found, and imported.

Nothing is ever deleted, neither in Entra nor in the state; see ``docs/how-to/when-a-run-was-cut.md``.
"""
