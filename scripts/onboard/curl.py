"""Asking a platform over REST by ``curl``, which reads the token from stdin, so that no list of processes has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from scripts.onboard.platforms import Run

CURL = ("curl", "--silent", "--show-error", "--fail-with-body", "--location", "--max-time", "60", "--config", "-")


@dataclass(frozen=True, slots=True)
class Curl:
    """One platform's REST interface."""

    run: Run
    header: str
    """The header that signs in."""

    def ask(self, url: str, *, method: str = "GET", body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Ask, and read the answer.

        :raises ProvisioningError: when it is not a good one.
        """
        if body is None:
            return json.loads(self._run(("url", url), ("request", method)))
        # From a file, since some versions of curl take no line of this length.
        with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(body, file)
            file.flush()
            sent = (("header", "Content-Type: application/json"), ("data-binary", f"@{file.name}"))
            return json.loads(self._run(("url", url), ("request", method), *sent))

    def fetch(self, url: str, file: Path) -> None:
        """Write what lies at an address to a file.

        :raises ProvisioningError: when there is nothing.
        """
        self._run(("url", url), ("output", str(file)))

    def _run(self, *settings: tuple[str, str]) -> str:
        asked = (("header", self.header), *settings)
        return self.run(CURL, "".join(f"{name} = {_quoted(value)}\n" for name, value in asked))


def _quoted(value: str) -> str:
    """Quote as ``curl --config`` reads it: with a backslash before backslashes and quotation marks."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
