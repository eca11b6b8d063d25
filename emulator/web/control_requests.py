"""Reading requests to the control interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.company.json_bodies import read_json
from emulator.company.numbers import whole_number
from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

    from emulator.company.store import JsonObject


def number_in(request: Request, name: str) -> int | None:
    """Read a whole number of the query, such as ``?after=7``; ``None`` without it. :raises Refusal: 400 otherwise."""
    text = request.query_params.get(name)
    if text is None:
        return None
    found = whole_number(text)
    if found is None:
        raise Refusal.bad_request(f"'{name}' is a whole number, 0 or more.")
    return found


async def body_of(request: Request) -> Any:  # noqa: ANN401 - any JSON value
    """Read the body as JSON; without one it is an empty object. :raises Refusal: 400 when it is not JSON."""
    body = await request.body()
    try:
        return read_json(body) if body else {}
    except ValueError as error:
        raise Refusal.bad_request(f"The body cannot be read. {error}") from None


async def object_in(request: Request) -> JsonObject:
    """Read the body as a JSON object. :raises Refusal: 400 when it is not one."""
    found = await body_of(request)
    if not isinstance(found, dict):
        raise Refusal.bad_request("The body must be a JSON object.")
    return found
