"""The ASGI application: the pages of the places, their streams of changes, and what pages load."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from provisioning.errors import ProvisioningError
from provisioning.panel.pages import STATIC, drawn, static
from provisioning.panel.place import Place
from provisioning.panel.view import ByView, seen_with

FRAGMENT = "x-panel-fragment"
"""The header with which our script asks for the middle of a page, without what is around it."""

MOST_BYTES = 64 * 1024
"""Of a form: a mapping is a few hundred."""

OURS = ProvisioningError(
    "The panel made a mistake. Nothing more was done.",
    hint="What went wrong stands where elium panel was started. Load the page anew.",
)

MOST_STREAMS = 5
"""How many pages are followed at a time: a browser has six connections to a host, and one is for what is clicked."""

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Streams:
    """How many pages are followed just now, in the whole panel."""

    open: int = 0

    async def one(self, events: AsyncIterator[str]) -> AsyncIterator[str]:
        """Count one while it lasts."""
        self.open += 1
        try:
            async for event in events:
                yield event
        finally:
            self.open -= 1


def panel_app(
    places: Sequence[Place], *, ways: Sequence[Place] | None = None, streams: Streams | None = None
) -> Starlette:
    """Build the application; the first place is the start. Nobody is kept out: :mod:`provisioning.panel.locks` does.

    *ways* are the places that every page leads to, if not these.
    """
    ways = places if ways is None else ways
    built = Starlette(
        routes=[*_routes(places), Route("/static/{name}", _static)],
        exception_handlers={
            ProvisioningError: lambda request, error: told(request, ways, error),
            HTTPException: lambda request, error: told(request, ways, _in_words(request, error), error.status_code),
            # It travels on to whoever started the panel, who sees where it was.
            Exception: lambda request, _: told(request, ways, OURS, HTTPStatus.INTERNAL_SERVER_ERROR),
        },
    )
    built.state.ways, built.state.streams = ways, streams or Streams()
    return built


def page_of(request: Request, here: Place, middle: str, *, status: int = 200) -> Response:
    """Answer as :func:`shown`, with the ways that this application has."""
    return shown(request, request.app.state.ways, here, middle, status=status)


async def fields_of(request: Request) -> Mapping[str, str]:
    """Read the fields of a form that was sent.

    :raises HTTPException: when it is far longer than what anybody writes.
    """
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return dict(parse_qsl(read.decode(errors="replace"), keep_blank_values=True))


def shown(request: Request, places: Sequence[Place], here: Place, middle: str, *, status: int = 200) -> Response:
    """Answer with a page around *middle*; with that alone where our script asks for it."""
    if FRAGMENT in request.headers:
        return HTMLResponse(middle, status)
    return HTMLResponse(drawn("layout", places=places, here=here, middle=middle), status)


def told(request: Request, places: Sequence[Place], error: Exception, status: int = HTTPStatus.CONFLICT) -> Response:
    """Tell an error as the command does: what is wrong, and what to do."""
    path = request.url.path
    here = next((each for each in places if path == each.path or path.startswith(f"{each.path}/")), places[0])
    middle = drawn("told", trouble=error, here=here, is_part=FRAGMENT in request.headers)
    return shown(request, places, here, middle, status=status)


def _in_words(request: Request, error: HTTPException) -> ProvisioningError:
    """Say what the server did not do."""
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return ProvisioningError("There is no such page.", hint="Go on from one of those that are named above.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return ProvisioningError("That is too much for one form. Nothing was done.", hint="Write less.")
        case _:
            return ProvisioningError(f"{error.detail}: {request.method}.", hint="Go back, and load the page anew.")


def _routes(places: Sequence[Place]) -> Iterator[Route]:
    async def start(_: Request) -> Response:
        return RedirectResponse(places[0].path, 303)

    yield Route("/", start)
    for place in places:
        yield Route(place.path, _page(place))
        yield Route(f"{place.path}/events", _events(place))
        yield from place.routes()


def _page(here: Place) -> Endpoint:
    async def page(request: Request) -> Response:
        seen_with(request.query_params)
        if isinstance(here, ByView):
            await here.prepare()
        parts = {name: part() for name, part in here.live.parts.items()}
        return page_of(request, here, drawn(here.template, place=here, parts=parts))

    return page


def _events(place: Place) -> Endpoint:
    async def events(request: Request) -> Response:
        seen_with(request.query_params)
        streams: Streams = request.app.state.streams
        if request.method == HTTPMethod.HEAD:
            return Response(media_type="text/event-stream")
        if streams.open >= MOST_STREAMS:
            # By which a browser knows that it need not connect again (HTML: server-sent events).
            return Response(status_code=204)
        return StreamingResponse(streams.one(_events_of(place)), media_type="text/event-stream")

    return events


async def _events_of(place: Place) -> AsyncIterator[str]:
    """Give what changes for this reader, whose view is kept from before it is first drawn until they go."""
    with place.followed() if isinstance(place, ByView) else nullcontext():
        if isinstance(place, ByView):
            await place.prepare()
        async for event in place.live.events():
            yield event


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("There is no such file.\n", 404)
    return Response(static(name), media_type=STATIC[name])
