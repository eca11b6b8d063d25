"""A report over one stack: what is configured, how everybody stands, what happened, and what would change."""
