"""Observed and desired make a plan. Pure: a plan is a value that can be shown, refused and applied."""
