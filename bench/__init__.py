"""How fast the parts are that have to be fast. Every figure comes with the command that made it."""
