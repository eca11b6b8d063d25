from __future__ import annotations

import pytest

from emulator.azuread.__main__ import main


def test_started_by_hand_it_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["pulumi-resource-azuread", "--logtostderr"])

    with pytest.raises(SystemExit, match="This is a plugin of Pulumi: the engine starts it"):
        main()
