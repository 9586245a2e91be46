"""The application: routes, errors and the guard around them."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from musearoo import __version__
from musearoo.bridge.api.access.guard import PREFIX, Receive, Scope, Send, send_problem
from musearoo.bridge.api.access.idempotency import Idempotency
from musearoo.bridge.api.problems.errors import TITLES, ApiError
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.api.routes import (
    catalogue,
    clips,
    files,
    jobs,
    metrics,
    page,
    people,
    requests,
    sessions,
    simple,
    takes,
    uploads,
)
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.sound.connection import sound_endpoint
from musearoo.bridge.api.websocket.connection import Connection
from musearoo.bridge.store.errors import StoreError
from musearoo.engines.errors import ParamError

ROUTERS = (
    sessions.router,
    requests.router,
    jobs.router,
    uploads.router,
    takes.router,
    files.router,
    clips.router,
    catalogue.router,
    metrics.health,
    people.router,
    page.router,
)
"""The routers below the prefix."""
OUTSIDE: Final = (catalogue.health, catalogue.documentation, metrics.router, simple.router, page.files)
"""Those beside it."""


def route_templates() -> tuple[str, ...]:
    """Return the paths of all routes, with the names of their parameters."""
    below = (f"{PREFIX}{route.path}" for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
    return (
        *dict.fromkeys(below),
        *(route.path for router in OUTSIDE for route in router.routes if isinstance(route, APIRoute)),
    )


def make_app(services: ApiServices) -> FastAPI:
    """Return the application without its guard."""
    app = FastAPI(
        title="MuseAroo",
        version=__version__,
        summary="A band inside Ableton Live, for other programs.",
        # Ours: FastAPI's pages fetch their scripts from another machine.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # A redirect would lead clients behind a proxy to http.
        redirect_slashes=False,
    )
    app.state.services = services
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    for router in OUTSIDE:
        app.include_router(router)
    app.add_middleware(Idempotency, database=services.database, servers=services.jobs.servers)
    app.add_api_websocket_route("/ws/{session}", connect)
    app.add_api_websocket_route("/sound/{session}", sound_endpoint(services))
    app.add_exception_handler(ApiError, _on_api_error)
    app.add_exception_handler(StoreError, _on_api_error)
    app.add_exception_handler(ParamError, _on_api_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_fault)
    return app


async def connect(socket: WebSocket, session: str) -> None:
    """Serve one WebSocket."""
    await Connection(socket, socket.app.state.services, session).run()


async def _on_api_error(_request: Request, error: Exception) -> Response:
    return _Problem(problem_of(error))


async def _on_invalid(_request: Request, error: Exception) -> Response:
    """Answer a path or a query that does not fit its types."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": ("?",), "msg": "is wrong"}
    field = str(first["loc"][-1])
    return _Problem(ApiError(422, "bad_parameter", f"{field}: {first['msg']}.", field))


async def _on_http_error(request: Request, error: Exception) -> Response:
    """Answer a path or a method that there is not."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = {
        404: "There is nothing under that path: /docs lists what there is.",
        405: "That path does not take this method: /docs lists those that it takes.",
    }
    code = TITLES.get(status, "error").lower().replace(" ", "_")
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == 405:
        # Starlette names those of the first route alone.
        headers = {"allow": ", ".join(_methods_of(request.scope["path"]))}
    return _Problem(ApiError(status, code, said.get(status, "The request cannot be answered."), headers=headers))


def _methods_of(path: str) -> list[str]:
    """Return the methods that a path takes."""
    below = path.removeprefix(PREFIX)
    routers = ROUTERS if below != path else OUTSIDE
    routes = (route for router in routers for route in router.routes if isinstance(route, APIRoute))
    methods = {method for route in routes if route.path_regex.match(below) for method in route.methods or ()}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def _on_fault(request: Request, _error: Exception) -> Response:
    """Answer what is a fault of ours; the guard logs it."""
    where = getattr(request.state, "request_id", "")
    return _Problem(ApiError(500, "fault", f"That failed by a fault of ours: the log says where, at {where}."))


class _Problem(Response):
    """An answer that is a problem."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(status_code=error.status)
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send_problem(send, self._error, scope)
