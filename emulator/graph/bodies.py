"""The body of a request before anybody reads it: compressed or not, and of which type.

Graph takes compressed bodies (msgraph-sdk-design#71; the Go SDK compresses every one), and refuses writes that do not
say what they carry (observed: the sentences of Microsoft's own SDK issues). A POST without a body needs to say nothing.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.graph.exchange import Request

LARGEST = 32 * 1024 * 1024
"""Bytes of a body, decompressed; more is refused before it fills the memory."""

_WINDOWS: Mapping[str, int] = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_WRITES = frozenset({"POST", "PUT", "PATCH"})


def unpacked(request: Request) -> bytes:
    """Give the body as it was before it was compressed. :raises Refusal: 400, 413 or 415 when that cannot be done."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding in {"", "identity"}:
        return request.body
    window = _WINDOWS.get(coding)
    if window is None:
        raise Refusal(415, "UnsupportedMediaType", f"The content encoding '{coding}' is not supported.")
    reader = zlib.decompressobj(window)
    try:
        body = reader.decompress(request.body, LARGEST)
    except zlib.error:
        raise Refusal(400, "BadRequest", f"The request body is not valid {coding}.") from None
    if reader.unconsumed_tail:
        raise Refusal(413, "RequestEntityTooLarge", "The request body is too large.")
    if not reader.eof:
        raise Refusal(400, "BadRequest", f"The request body is not valid {coding}.")
    return body


def check_type(request: Request, body: bytes, *, any_media: bool) -> None:
    """Refuse a write that does not say that it is JSON. :raises Refusal: 400 then."""
    if request.method not in _WRITES or (request.method == "POST" and not body):
        return
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not media:
        message = "Write requests (excluding DELETE) must contain the Content-Type header declaration."
        raise Refusal(400, "BadRequest", message)
    if not any_media and media != "application/json" and not media.endswith("+json"):
        raise Refusal(400, "BadRequest", "Entity only allows writes with a JSON Content-Type header.")
