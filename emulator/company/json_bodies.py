"""Bodies in JSON that others have sent: what is read here can be written again, by everybody."""

from __future__ import annotations

import json
import math
import re
from typing import Any

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read a body.

    Python reads more than JSON has: numbers that are not finite, and strings with half of a surrogate pair, which
    nobody can write as UTF-8 (RFC 8259, sections 6, 8.1 and 8.2).

    :raises ValueError: when it is not JSON, with the reason as a sentence.
    """
    try:
        text = body.decode("utf-8-sig")
        found = json.loads(text, parse_float=_finite, parse_constant=_finite)
        if _SURROGATE.search(text):
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None
    except UnicodeEncodeError:
        raise ValueError("A string has half of a surrogate pair, which is not a character.") from None
    except ValueError:
        raise ValueError("It is not JSON.") from None
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
