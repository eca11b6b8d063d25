"""Importing the way in costs nothing: what takes its time is imported by who needs it, or beforehand by who asks."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("azure", "httpcore2", "httpx2", "lark", "msal", "pydantic", "regex", "requests", "tenacity")
"""What takes its time, or has no business here."""

TO_ASK = {"httpcore2", "httpx2", "tenacity"}
TO_SIGN_IN = {"azure", "msal", "requests"}


def imported_by(program: str) -> set[str]:
    """Run a program in an interpreter of its own and tell which of the heavy packages it imported."""
    telling = f"import json, sys; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    run = subprocess.run(  # noqa: S603 - our own interpreter and a program of this file
        [sys.executable, "-c", f"{program}\n{telling}"], capture_output=True, text=True, check=True
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["connect", "apps", "scrubbing", "paths"])
def test_nothing_heavy_is_imported_before_something_is_asked(module: str) -> None:
    assert imported_by(f"import provisioning.graph.{module}") == set()


@pytest.mark.parametrize("module", ["identity", "ways"])
def test_choosing_an_identity_imports_nothing_that_signs_in(module: str) -> None:
    assert imported_by(f"import provisioning.graph.{module}") == set()


CONNECTED = """
import asyncio
from provisioning.graph.connect import connect, warm
asyncio.run({what}({environment}))
"""
IDENTITY = {"ARM_TENANT_ID": "t", "ARM_CLIENT_ID": "c", "ARM_CLIENT_SECRET": "s"}


def test_connecting_imports_what_asks_and_not_what_signs_in() -> None:
    found = imported_by(CONNECTED.format(what="connect", environment=IDENTITY))

    assert (found & TO_ASK, found & TO_SIGN_IN) == (TO_ASK, set())


def test_warming_imports_what_connecting_and_signing_in_will_need() -> None:
    assert imported_by(CONNECTED.format(what="warm", environment=IDENTITY)) >= TO_ASK | TO_SIGN_IN


def test_warming_without_an_identity_imports_nothing_that_signs_in() -> None:
    found = imported_by(CONNECTED.format(what="warm", environment={"ARM_USE_CLI": "false"}))

    assert (found & TO_ASK, found & TO_SIGN_IN) == (TO_ASK, set())
