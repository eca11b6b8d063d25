"""Functions that give something else each time."""

from __future__ import annotations

import string
import uuid

from provisioning.errors import EvaluationError
from provisioning.language.functions.surroundings import Surroundings
from provisioning.words import counted

_LONGEST = 256

# The special characters of Windows passwords
# (Learn: security/threat-protection/security-policy-settings/password-must-meet-complexity-requirements#reference).
_SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"


def guid(surroundings: Surroundings) -> str:
    """``Guid``: a random one, in lower case."""
    return str(uuid.UUID(int=surroundings.below(1 << 128, "Guid"), version=4))


def random_string(surroundings: Surroundings, length: int, *rest: int | str | None) -> str:
    """``RandomString``: at least so many of each kind, the rest of any kind (Learn: functions#randomstring)."""
    minima = [number for number in rest if isinstance(number, int)]
    avoided = next((text for text in rest if isinstance(text, str)), "")
    if not 0 <= length <= _LONGEST:
        raise EvaluationError(f"RandomString has at most {_LONGEST} characters, and is asked for {length}.")
    if min(minima) < 0 or sum(minima) > length:
        raise EvaluationError(f"RandomString cannot fit {counted(sum(minima), 'character')} into {length}.")
    kinds = [
        [character for character in kind if character not in avoided]
        for kind in (string.digits, _SPECIAL, string.ascii_uppercase, string.ascii_lowercase)
    ]
    wanted = [kind for kind, minimum in zip(kinds, minima, strict=True) for _ in range(minimum)]
    any_kind = [character for kind in kinds for character in kind]
    wanted.extend([any_kind] * (length - len(wanted)))
    if not all(wanted):
        raise EvaluationError("RandomString avoids every character that it needs.")
    return "".join(_shuffled([kind[surroundings.below(len(kind), "RandomString")] for kind in wanted], surroundings))


def _shuffled(characters: list[str], surroundings: Surroundings) -> list[str]:
    for last in range(len(characters) - 1, 0, -1):
        other = surroundings.below(last + 1, "RandomString")
        characters[last], characters[other] = characters[other], characters[last]
    return characters
