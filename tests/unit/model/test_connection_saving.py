from __future__ import annotations

import pytest
from builders import TOKEN, a_declaration
from provisioning.planning.secrets import merged_secrets

from provisioning.errors import ConfigurationError
from provisioning.model.connection import Scope


def test_what_is_not_declared_is_sent_back() -> None:
    merged = merged_secrets({"Sandbox": "yes", "SecretToken": "*", "SyncAll": "true"}, a_declaration())

    assert merged == {
        "Sandbox": "yes",
        "BaseAddress": "https://acme.elium.com/scim/v2",
        "SecretToken": TOKEN,
        "SyncAll": "false",
    }


def test_every_declared_setting_has_its_key() -> None:
    declaration = a_declaration(scope=Scope.ALL, skip_out_of_scope_deletions=True, delete_threshold=7)

    merged = merged_secrets({}, declaration)

    assert (merged["SyncAll"], merged["SkipOutOfScopeDeletions"]) == ("true", "True")
    assert merged["SyncNotificationSettings"] == '{"DeleteThresholdEnabled": true, "DeleteThresholdValue": 7}'


def test_a_masked_value_that_nobody_knows_stops_the_save() -> None:
    with pytest.raises(ConfigurationError, match="holds Password, which cannot be read back"):
        merged_secrets({"Password": "*", "SecretToken": "*"}, a_declaration())
