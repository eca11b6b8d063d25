"""The one error of the emulator: a documented no, turned into the envelope of whichever face gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the emulator
    """A request that the service refuses. Anything else that is raised is a bug of the emulator and answered 500."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        """HTTP status, such as 404."""
        self.code = code
        """The service's own code, such as ``Request_ResourceNotFound``."""
        self.message = message
        self.retry_after = retry_after
        """Seconds for the ``Retry-After`` header; ``None`` sends none."""
        self.headers = headers or {}
        """Other headers of the answer, such as those that tell about throttling."""

    @classmethod
    def not_found(cls, object_id: str) -> Refusal:
        """Say that no such directory object exists (graph.microsoft.com wording of ``Request_ResourceNotFound``)."""
        return cls(
            404,
            "Request_ResourceNotFound",
            f"Resource '{object_id}' does not exist or one of its queried reference-property objects are not present.",
        )

    @classmethod
    def bad_request(cls, message: str) -> Refusal:
        """Say that the request is malformed or refers to something impossible."""
        return cls(400, "Request_BadRequest", message)
