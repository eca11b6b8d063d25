"""A pretend Azure Key Vault beside the pretend Entra, as far as it takes to read secrets and to notice new versions."""

from __future__ import annotations

from emulator.vault.secrets import Secret, Vault, Version

__all__ = ["Secret", "Vault", "Version"]
