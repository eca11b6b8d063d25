"""What is wrong with a declaration, every finding at once: what the portal lets through, said before it is saved."""

from __future__ import annotations

from provisioning.planning.findings.checker import RULES, findings, refuse
from provisioning.planning.findings.finding import Finding, Severity, Surroundings

__all__ = ["RULES", "Finding", "Severity", "Surroundings", "findings", "refuse"]
