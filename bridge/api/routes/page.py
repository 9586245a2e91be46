"""The page: its files, the one-time links that open it, and the way to it from the local network."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from musearoo.bridge.api.access.accounts import make_token
from musearoo.bridge.api.access.admission import LOCAL_USER
from musearoo.bridge.api.access.lan import WARNING
from musearoo.bridge.api.access.links import Link
from musearoo.bridge.api.access.quotas import require_token_room
from musearoo.bridge.api.access.who import Who, unauthorized
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.routes.people import made_token
from musearoo.bridge.api.routes.shared import Asker, Services, answer, gives, has_etag, read_body, takes
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types.people import LanState, MadeLink, MadeToken, NewLink, OpenLink
from musearoo.bridge.page.files import INDEX, policy_for, read_file, takes_gzip
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.records import Token
from musearoo.bridge.store.tokens import revoke_token

router: Final = APIRouter(tags=["page"])
files: Final = APIRouter(tags=["page"])

LOOPBACK: Final = ("127.0.0.1", "::1")
SCOPES: Final = ("make", "metrics")
"""What the page needs."""
PHONE: Final = "phone"
PHONE_DAYS: Final = 7.0
_HTML: Final[dict[int | str, dict[str, object]]] = {
    200: {"description": "The page", "content": {"text/html": {"schema": {"type": "string"}}}}
}


@files.get("/", responses=_HTML)
async def read_page(request: Request) -> Response:
    """The page: the set, takes, and every action, in a browser."""
    return await _send(request, INDEX)


@files.get("/page/{path:path}", include_in_schema=False)
async def read_page_file(path: str, request: Request) -> Response:
    """A file that the page loads."""
    return await _send(request, path)


async def _send(request: Request, name: str) -> Response:
    found = await asyncio.to_thread(read_file, name)
    if found is None:
        raise ApiError(404, "not_found", "The page has no such file: load it again from its beginning, /.")
    packed = found.packed if takes_gzip(request.headers.get("accept-encoding", "")) else None
    headers = {
        # Other bytes, another ETag: caches may join pieces of answers with the same one.
        "etag": f'"{found.etag}"' if packed is None else f'"{found.etag}-gzip"',
        "cache-control": "no-cache",
        "vary": "Accept-Encoding",
        "content-security-policy": policy_for(request.headers["host"]),
    }
    if has_etag(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    if packed is not None:
        headers["content-encoding"] = "gzip"
    return Response(found.body if packed is None else packed, 200, headers, found.media_type)


@router.post(
    "/links",
    status_code=201,
    openapi_extra=takes(NewLink, {}, required=False),
    responses=gives(MadeLink, "The link, shown this once", 201),
)
async def make_link(request: Request, services: Services, who: Asker) -> Response:
    """Make a one-time link to the page; opened, it gives a token that may do no more than the one you ask with."""
    who.require("make")
    if request.scope["server"] is None:
        sentence = "A link has the address by which it is asked for: ask by HTTP, not through a WebSocket."
        raise ApiError(400, "bad_request", sentence)
    new = await read_body(request, NewLink)
    for scope in new.scopes:
        who.require(scope)
    code, expires = services.links.make(who, name=new.name, scopes=new.scopes or _scopes_of(who), days=new.days)
    scheme = request.url.scheme
    return answer(
        request, MadeLink(code=code, url=f"{scheme}://{request.headers['host']}/#open={code}", expires=expires), 201
    )


@router.post(
    "/links/open",
    status_code=201,
    openapi_extra=takes(OpenLink, {"code": "…"}),
    responses=gives(MadeToken, "The token, shown this once", 201),
)
async def open_link(request: Request, services: Services) -> Response:
    """Exchange the code of a one-time link for its token."""
    asked = await read_body(request, OpenLink)
    link = services.links.take(asked.code)
    if link is None:
        services.rates.count_failure(request.client.host if request.client else "?")
        raise unauthorized("This link was opened already, or has ended: make a new one (musearoo page).")
    lan = services.lan
    closings = lan.closings
    is_from_lan = link.is_remote or lan.has_let_in(link.who.token) or _came_by_lan(request, services)
    try:
        token, secret = await services.database.run(partial(_make, link=link, services=services, now=time.time()))
    except MissingError as error:
        raise unauthorized("The user of this link is gone: make a new one (musearoo page).") from error
    if is_from_lan:
        lan.tokens.append((link.who.user, token.id))
        if closings != lan.closings:
            await _revoke_lan_tokens(services)
            raise unauthorized("The page was closed to the network just now: have it opened again (musearoo page).")
    return answer(request, made_token(token, secret), 201)


def _came_by_lan(request: Request, services: ApiServices) -> bool:
    """Whether a request came from the local network, also through a WebSocket: a token that it makes ends with that."""
    who: Who | None = getattr(request.state, "who", None)
    return services.lan.is_way_of(request.scope["server"]) or (who is not None and services.lan.has_let_in(who.token))


def _scopes_of(who: Who) -> tuple[str, ...]:
    """Return what a link lets do unless it says so: what the page needs, as far as its maker may."""
    return tuple(scope for scope in SCOPES if scope in who.scopes)


def _make(connection: Connection, link: Link, services: ApiServices, now: float) -> tuple[Token, str]:
    who = link.who
    if not who.is_local:
        require_token_room(connection, who.user, services.quotas, now)
    return make_token(
        connection, user=who.user, name=link.name, scopes=link.scopes, days=link.days, now=now, latest=who.expires
    )


@router.get("/lan", responses=gives(LanState, "Whether it is open"))
async def read_lan(request: Request, services: Services, who: Asker) -> Response:
    """See whether the page can be opened from the local network."""
    who.require("make")
    return answer(request, LanState(open=bool(services.lan.url), url=services.lan.url, warning=WARNING))


@router.post("/lan", status_code=201, responses=gives(LanState, "It is open, and a link for one more machine", 201))
async def open_lan(request: Request, services: Services, who: Asker) -> Response:
    """Let the local network reach the page, and make a one-time link for a phone; asked on this machine alone."""
    _require_here(request, who)
    url = await services.lan.open()
    code, expires = services.links.make(who, name=PHONE, scopes=_scopes_of(who), days=PHONE_DAYS, is_remote=True)
    link = f"{url}/#open={code}"
    state = LanState(open=True, url=url, warning=WARNING, link=link, expires=expires, qr=draw_code(link))
    return answer(request, state, 201)


@router.delete("/lan", status_code=204)
async def close_lan(request: Request, services: Services, who: Asker) -> Response:
    """Close the page to the local network; who came in by it is out, and their tokens are revoked."""
    _require_here(request, who)
    await shut_lan(services)
    return Response(status_code=204)


async def shut_lan(services: ApiServices) -> None:
    """Close the way from the local network, its links and tokens. Raises StoreError; the tokens are kept for later."""
    services.links.drop_remote()
    await services.lan.close()
    await _revoke_lan_tokens(services)


async def _revoke_lan_tokens(services: ApiServices) -> None:
    tokens = tuple(services.lan.tokens)
    await services.database.run(partial(_revoke, tokens=tokens, now=time.time()))
    services.lan.tokens = [each for each in services.lan.tokens if each not in tokens]
    services.admission.forget()


def _revoke(connection: Connection, tokens: tuple[tuple[str, str], ...], now: float) -> None:
    for user, token in tokens:
        # Its user may be gone meanwhile, and the token with it.
        with contextlib.suppress(MissingError):
            revoke_token(connection, user=user, token=token, now=now)


def _require_here(request: Request, who: Who) -> None:
    """Raise ApiError for who is not this machine's own user, or asks from another machine."""
    who.require("make")
    # Behind a proxy all seem to be here: so it must be this machine's user, too.
    if who.user != LOCAL_USER or request.client is None or request.client.host not in LOOPBACK:
        raise ApiError(
            403, "not_here", "That is done by the computer's own user on the computer itself: musearoo page."
        )


def draw_code(text: str) -> tuple[str, ...]:
    """Return a QR code as rows of 0 and 1 (dark), without its quiet zone."""
    import segno  # here, because few ask for it

    return tuple(
        "".join("1" if dark else "0" for dark in row) for row in segno.make(text, error="m", micro=False).matrix
    )
