"""The place of one stack: what is watched of it, how that is shown, and what may be done."""
