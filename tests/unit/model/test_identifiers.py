from __future__ import annotations

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.identifiers import JobAddress


def test_an_address_is_written_as_import_takes_it() -> None:
    assert str(JobAddress.parse("3e9b/elium.7a1d.5c0e")) == "3e9b/elium.7a1d.5c0e"


@pytest.mark.parametrize("text", ["", "3e9b", "3e9b/", "/job", "a/b/c"])
def test_another_form_is_refused_with_the_right_one(text: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        JobAddress.parse(text)

    assert "<servicePrincipalId>/<jobId>" in refusal.value.hint
