"""What Entra says when it refuses an identity, found in the errors of azure-identity: the code, in Entra's words."""

from __future__ import annotations

import re
from typing import NamedTuple

from provisioning.graph.entra_codes import hint_for
from provisioning.graph.transport import chain_of

_SAID = re.compile(r"""AADSTS(?P<code>[0-9]+): (?P<words>.+?)(?:\.(?=[\s"'\\]|$)|\s+Trace ID|$)""", re.MULTILINE)
"""A code and the first sentence after it."""


class EntraRefusal(NamedTuple):
    """What Entra said."""

    sentence: str
    """Such as ``AADSTS7000215: Invalid client secret provided.``."""
    hint: str


def refusal_in(error: BaseException) -> EntraRefusal | None:
    """Find what Entra said in the chain that led to *error*; ``None`` when it was not Entra that spoke."""
    for link in chain_of(error):
        said = _SAID.search(str(link))
        if said:
            code = said["code"]
            return EntraRefusal(f"AADSTS{code}: {said['words'].strip()}.", hint_for(code))
    return None
