from __future__ import annotations

from datetime import timedelta

import pytest

from emulator.company import recycle_bin
from emulator.company.clock import StandingClock
from emulator.company.refusal import Refusal
from emulator.company.store import Directory, Kind


def a_directory() -> Directory:
    directory = Directory(StandingClock())
    directory.add(Kind.APPLICATION, {"id": "app", "appId": "a"})
    directory.add(Kind.SERVICE_PRINCIPAL, {"id": "principal", "appId": "a"})
    directory.add(Kind.SERVICE_PRINCIPAL, {"id": "other", "appId": "b"})
    directory.add(Kind.GROUP, {"id": "security", "groupTypes": []})
    directory.add(Kind.GROUP, {"id": "unified", "groupTypes": ["Unified"]})
    return directory


def delete(directory: Directory, object_id: str) -> None:
    recycle_bin.delete(directory, directory.get(object_id))


def test_an_application_takes_its_service_principal_along_and_back() -> None:
    directory = a_directory()
    delete(directory, "app")
    assert {"app", "principal"} == set(directory.deleted)
    recycle_bin.restore(directory, "app")

    assert directory.deleted == {}


def test_purging_an_application_purges_its_service_principal() -> None:
    directory = a_directory()
    delete(directory, "app")
    recycle_bin.purge(directory, "app")

    assert directory.deleted == {}
    with pytest.raises(Refusal):
        directory.get("principal")


def test_a_security_group_has_no_recycle_bin() -> None:
    directory = a_directory()
    delete(directory, "security")
    delete(directory, "unified")

    assert {"unified"} == set(directory.deleted)


def test_only_what_lies_there_for_thirty_days_expires() -> None:
    directory = a_directory()
    delete(directory, "app")
    directory.clock.advance(timedelta(days=1))
    delete(directory, "other")
    directory.clock.advance(timedelta(days=29))
    recycle_bin.expire(directory)

    assert {"other"} == set(directory.deleted)


def test_what_was_never_deleted_cannot_be_purged() -> None:
    with pytest.raises(Refusal):
        recycle_bin.purge(a_directory(), "app")
