"""A folder in which schemas are kept that were replaced: one JSON file each, as Graph gave it."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ConfigurationError
from provisioning.model.identifiers import JobAddress
from provisioning.model.schema import SynchronizationSchema

FROM_ENVIRONMENT = "ELIUM_KEEP_SCHEMAS"
"""The variable that names the folder."""

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class SchemaFolder:
    """Keeps schemas in a folder, which is made when it is needed."""

    folder: Path

    def keep(self, address: JobAddress, schema: SynchronizationSchema) -> Path:
        """Write a schema as ``<job>-<version>.json``, and give the file. The same version is the same file.

        :raises ConfigurationError: when the folder cannot be written; then nothing was replaced yet.
        """
        name = _named(f"{address.job}-{schema.version or 'unknown'}")[:_LONGEST_NAME]
        try:
            return written(schema, self.folder / f"{name}.json")
        except OSError as error:
            raise ConfigurationError(
                f"{FROM_ENVIRONMENT}: the schema cannot be kept in {self.folder}: {error.strerror}.",
                hint="Name a folder that can be written, or unset the variable.",
            ) from error

    def kept_of(self, address: JobAddress) -> list[Path]:
        """List the files of a job, by name."""
        return sorted(self.folder.glob(f"{glob.escape(_named(f'{address.job}-'))}*.json"))


def written(schema: SynchronizationSchema, file: Path) -> Path:
    """Write a schema to a file, as Graph gave it, and give the file.

    :raises OSError: when it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(schema.document, ensure_ascii=False, indent=2)
    file.write_text(f"{text}\n", encoding="utf-8")
    return file


def _named(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text)


def archive_in(environment: Mapping[str, str]) -> SchemaFolder | None:
    """Find the folder that the environment names."""
    named = environment.get(FROM_ENVIRONMENT)
    return SchemaFolder(Path(named)) if named else None
