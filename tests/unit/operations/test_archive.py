from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import PRINCIPAL, a_schema

from provisioning.errors import ConfigurationError
from provisioning.model.identifiers import JobAddress, JobId
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.archive import SchemaFolder, archive_in

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a1d5f0c"))


def test_a_schema_is_kept_as_graph_gave_it_under_its_version(tmp_path: Path) -> None:
    moved = SynchronizationSchema({**a_schema().document, "version": "Date:2026-01-15T09:30:00Z, ActivityId:7"})

    SchemaFolder(tmp_path / "kept").keep(ADDRESS, moved)

    (file,) = (tmp_path / "kept").iterdir()
    assert file.name == "elium.7a1d5f0c-Date_2026-01-15T09_30_00Z_ActivityId_7.json"
    assert json.loads(file.read_text(encoding="utf-8")) == moved.document


def test_a_schema_without_a_version_is_kept_too(tmp_path: Path) -> None:
    SchemaFolder(tmp_path).keep(ADDRESS, SynchronizationSchema({}))

    assert [file.name for file in tmp_path.iterdir()] == ["elium.7a1d5f0c-unknown.json"]


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="ELIUM_KEEP_SCHEMAS: the schema cannot be kept"):
        SchemaFolder(tmp_path / "file").keep(ADDRESS, a_schema())


def test_the_environment_names_the_folder(tmp_path: Path) -> None:
    assert archive_in({"ELIUM_KEEP_SCHEMAS": str(tmp_path)}) == SchemaFolder(tmp_path)
    assert archive_in({}) is None
