"""Provision users from Microsoft Entra ID into Elium as code."""
