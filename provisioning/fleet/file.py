"""A file of tenants, in YAML or CSV."""

from __future__ import annotations

from pathlib import Path

from provisioning.errors import ConfigurationError
from provisioning.fleet.positions import Document, document_of
from provisioning.fleet.tenants_csv import document_of_csv
from provisioning.fleet.tenants_file import Fleet, fleet_of

CSV = ".csv"


def fleet_in(file: Path, *, option: str = "--tenants") -> Fleet:
    """Read a file of tenants, which *option* names.

    :raises ConfigurationError: with every mistake, as ``file:line:column: tenant: sentence``.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigurationError(f"{file} cannot be read: {reason}.", hint=f"Name it with {option}.") from error
    return fleet_of(_document(file, text), name=file.name)


def _document(file: Path, text: str) -> Document:
    try:
        return document_of_csv(text) if file.suffix.lower() == CSV else document_of(text)
    except ConfigurationError as error:
        raise ConfigurationError(f"{file.name}:{error.message}", hint="Correct the file.") from error
