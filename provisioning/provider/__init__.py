"""The Pulumi plugin ``entrasync``: callbacks become operations. No logic of its own."""
