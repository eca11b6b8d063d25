"""The ASGI application: the pages of the places, their streams of changes, and what pages load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from provisioning.errors import ProvisioningError
from provisioning.panel.pages import STATIC, drawn, static
from provisioning.panel.place import Place
from provisioning.panel.view import ByView, seen_with

FRAGMENT = "x-panel-fragment"
"""The header with which our script asks for the middle of a page, without what is around it."""

Endpoint = Callable[[Request], Awaitable[Response]]


def panel_app(places: Sequence[Place]) -> Starlette:
    """Build the application; the first place is the start. Nobody is kept out: :mod:`provisioning.panel.locks` does."""
    return Starlette(
        routes=[*_routes(places), Route("/static/{name}", _static)],
        exception_handlers={ProvisioningError: lambda request, error: told(request, places, error)},
    )


def shown(request: Request, places: Sequence[Place], here: Place, middle: str, *, status: int = 200) -> Response:
    """Answer with a page around *middle*; with that alone where our script asks for it."""
    if FRAGMENT in request.headers:
        return HTMLResponse(middle, status)
    return HTMLResponse(drawn("layout", places=places, here=here, middle=middle), status)


def told(request: Request, places: Sequence[Place], error: Exception) -> Response:
    """Tell an error as the command does: what is wrong, and what to do."""
    here = next((each for each in places if request.url.path.startswith(each.path)), places[0])
    return shown(request, places, here, drawn("trouble", trouble=error), status=409)


def _routes(places: Sequence[Place]) -> Iterator[Route]:
    async def start(_: Request) -> Response:
        return RedirectResponse(places[0].path, 303)

    yield Route("/", start)
    for place in places:
        yield Route(place.path, _page(places, place))
        yield Route(f"{place.path}/events", _events(place))
        yield from place.routes()


def _page(places: Sequence[Place], here: Place) -> Endpoint:
    async def page(request: Request) -> Response:
        await _prepared(here, request)
        parts = {name: part() for name, part in here.live.parts.items()}
        return shown(request, places, here, drawn(here.template, place=here, parts=parts))

    return page


def _events(place: Place) -> Endpoint:
    async def events(request: Request) -> Response:
        await _prepared(place, request)
        return StreamingResponse(place.live.events(), media_type="text/event-stream")

    return events


async def _prepared(place: Place, request: Request) -> None:
    """Let the parts be drawn as this reader's address asks; the stream goes on in the same context."""
    seen_with(request.query_params)
    if isinstance(place, ByView):
        await place.prepare()


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("There is no such file.\n", 404)
    return Response(static(name), media_type=STATIC[name])
