"""Frozen values in Entra's words. Pure: nothing here talks, waits, or knows Pulumi."""
