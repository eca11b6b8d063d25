"""What Pulumi hands to a program becomes settings, whether a language host or the Automation API runs it."""

from __future__ import annotations

import json
from contextvars import copy_context
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi.runtime import config

from provisioning.components.stack import errors_as_sentences, settings_of_stack
from provisioning.errors import ConfigurationError

if TYPE_CHECKING:
    from provisioning.settings.stack import Settings

LEAST = {"elium:tenantUrl": "https://acme.elium.com", "elium:secretToken": "canary"}


def by_a_host(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], secret: list[str]) -> Settings:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(values))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps(secret))
    return settings_of_stack()


def inline(values: dict[str, str], secret: list[str]) -> Settings:
    def program() -> Settings:
        config.set_all_config(values, secret)
        return settings_of_stack()

    return copy_context().run(program)


def test_a_language_host_hands_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = by_a_host(monkeypatch, LEAST | {"azuread:tenantId": "x"}, ["elium:secretToken"])

    assert settings.secret_token == "canary"


def test_an_inline_program_is_told_directly() -> None:
    assert inline(LEAST, ["elium:secretToken"]).secret_token == "canary"


def test_a_plain_token_is_refused_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="elium:secretToken: stands as plain text"):
        by_a_host(monkeypatch, LEAST, [])
    monkeypatch.delenv("PULUMI_CONFIG")
    with pytest.raises(ConfigurationError, match="elium:secretToken: stands as plain text"):
        inline(LEAST, [])


def test_a_key_without_our_namespace_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi, "get_project", lambda: "acme")

    with pytest.raises(ConfigurationError, match="acme:scope: is the project's own"):
        by_a_host(monkeypatch, LEAST | {"acme:scope": "all"}, ["elium:secretToken"])


def test_the_environment_gives_what_the_stack_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELIUM_SECRET_TOKEN", "canary")

    settings = by_a_host(monkeypatch, {"elium:tenantUrl": "https://acme.elium.com"}, [])

    assert settings.secret_token == "env:ELIUM_SECRET_TOKEN"


def test_an_error_ends_the_program_as_its_sentences() -> None:
    with pytest.raises(pulumi.RunError, match=r"^a\.\nb\.\nDo c\.$"), errors_as_sentences():
        raise ConfigurationError(["a.", "b."], hint="Do c.")
