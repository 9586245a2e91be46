"""Who may: log in, oneself, users, tokens, members of sessions, preferences, and one's own data."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from musearoo.bridge.api.access.accounts import make_token, make_user, require_user
from musearoo.bridge.api.access.passwords import Hashing, hash_password, is_password
from musearoo.bridge.api.access.quotas import require_setting_room, require_token_room
from musearoo.bridge.api.access.rates import Rates
from musearoo.bridge.api.access.who import Who, unauthorized
from musearoo.bridge.api.problems.errors import ApiError, ConflictError, OverloadedError
from musearoo.bridge.api.routes.shared import After, Asker, Limit, Services, answer, gives, read_body, takes
from musearoo.bridge.api.types.people import (
    Login,
    MadeToken,
    MemberList,
    MemberState,
    NewMember,
    NewPassword,
    NewToken,
    NewUser,
    PreferenceList,
    PreferenceValue,
    TokenList,
    TokenState,
    UserList,
    UserState,
)
from musearoo.bridge.store.preferences import (
    TASTES,
    find_preference,
    forget_preference,
    keep_preference,
    list_preferences,
    read_tastes,
)
from musearoo.bridge.store.records import Member, Preference, Token, User
from musearoo.bridge.store.sessions import list_members, remove_member, set_member
from musearoo.bridge.store.tokens import count_tokens, list_tokens, revoke_oldest_token, revoke_token
from musearoo.bridge.store.users import find_user, list_users, read_user, set_password_hash

router: Final = APIRouter(tags=["people"])

_HASHING: Final = Hashing()
LOGIN: Final = "login"
"""The name of tokens that were made for a password."""
LOGIN_SCOPES: Final = ("make",)
LARGEST_SETTING: Final = 16 * 1024
"""Bytes of a setting, in JSON."""


@router.post(
    "/login",
    openapi_extra=takes(Login, {"name": "ada", "password": "…"}),
    responses=gives(MadeToken, "A token", 201),
    status_code=201,
)
async def log_in(request: Request, services: Services) -> Response:
    """Exchange a name and a password for a token."""
    login = await read_body(request, Login)
    user = await services.database.read(partial(find_user, name=login.name))
    kept = None if user is None else user.password_hash
    if not await _is_right(services.rates, login.name, login.password, kept) or user is None:
        raise unauthorized("The name or the password is wrong.")
    found, now = user, time.time()

    def work(connection: Connection) -> tuple[Token, str]:
        if count_tokens(connection, found.id, now) >= services.quotas.tokens:
            revoke_oldest_token(connection, found.id, LOGIN, now)
        return make_token(connection, user=found.id, name=LOGIN, scopes=LOGIN_SCOPES, days=login.days, now=now)

    token, secret = await services.database.run(work)
    return answer(request, made_token(token, secret), 201)


@router.get("/me", responses=gives(UserState, "You, and what your token may do"))
async def read_me(request: Request, services: Services, who: Asker) -> Response:
    """See who you are."""
    user = await services.database.read(partial(read_user, user=who.user))
    return answer(request, _user(user, who))


@router.put("/me/password", openapi_extra=takes(NewPassword), responses=gives(UserState, "You"))
async def change_password(request: Request, services: Services, who: Asker) -> Response:
    """Change your password."""
    who.require("make")
    new = await read_body(request, NewPassword)
    user = await services.database.read(partial(read_user, user=who.user))
    if "admin" not in who.scopes:
        if user.password_hash is None:
            raise ApiError(403, "missing_scope", "Your first password is given by an admin (musearoo users password).")
        if not await _is_right(services.rates, user.name, new.before, user.password_hash):
            raise ApiError(403, "wrong_password", "The password before is wrong: nothing was changed.", "before")
    hashed = await _HASHING.run(hash_password, new.password)
    await services.database.run(partial(set_password_hash, user=who.user, password_hash=hashed))
    return answer(request, _user(msgspec.structs.replace(user, password_hash=hashed), who))


@router.get("/users", responses=gives(UserList, "A page of users"))
async def list_all_users(
    request: Request, services: Services, who: Asker, limit: Limit = 50, after: After = None
) -> Response:
    """List the users; for admins."""
    who.require("admin")
    found = await services.database.read(partial(list_users, limit=limit, after=after))
    items = tuple(_user(user) for user in found)
    return answer(request, UserList(items=items, next=found[-1].id if len(found) == limit else None))


@router.post(
    "/users",
    status_code=201,
    openapi_extra=takes(NewUser, {"name": "ada"}),
    responses=gives(UserState, "The user", 201),
)
async def add_new_user(request: Request, services: Services, who: Asker) -> Response:
    """Add a user; for admins."""
    who.require("admin")
    new = await read_body(request, NewUser)
    hashed = None
    if new.password is not None:
        hashed = await _HASHING.run(hash_password, new.password)
    user = await services.database.run(
        partial(make_user, name=new.name, email=new.email, password_hash=hashed, now=time.time())
    )
    return answer(request, _user(user), 201)


@router.get("/tokens", responses=gives(TokenList, "A page of your tokens"))
async def list_own_tokens(
    request: Request, services: Services, who: Asker, limit: Limit = 50, after: After = None
) -> Response:
    """List your tokens."""
    who.require("make")
    found = await services.database.read(partial(list_tokens, user=who.user, limit=limit, after=after))
    items = tuple(_token(token) for token in found)
    return answer(request, TokenList(items=items, next=found[-1].id if len(found) == limit else None))


@router.post(
    "/tokens",
    status_code=201,
    openapi_extra=takes(NewToken, {"name": "phone", "days": 90}),
    responses=gives(MadeToken, "The token, shown this once", 201),
)
async def add_new_token(request: Request, services: Services, who: Asker) -> Response:
    """Make a token of yours, that may do no more, and lasts no longer, than the one you ask with."""
    who.require("make")
    new = await read_body(request, NewToken)
    for scope in new.scopes:
        who.require(scope)
    now = time.time()

    def work(connection: Connection) -> tuple[Token, str]:
        if not who.is_local:
            require_token_room(connection, who.user, services.quotas, now)
        return make_token(
            connection,
            user=who.user,
            name=new.name,
            scopes=new.scopes,
            days=new.days,
            now=now,
            latest=who.expires,
        )

    token, secret = await services.database.run(work)
    if services.lan.has_let_in(who.token):
        # It ends with the way from the local network, as the one that made it does.
        services.lan.tokens.append((who.user, token.id))
    return answer(request, made_token(token, secret), 201)


@router.delete("/tokens/{token}", status_code=204)
async def revoke_own_token(token: str, services: Services, who: Asker) -> Response:
    """Revoke a token of yours, at once."""
    who.require("make")
    await services.database.run(partial(revoke_token, user=who.user, token=token, now=time.time()))
    services.admission.forget()
    return Response(status_code=204)


@router.get("/sessions/{session}/members", responses=gives(MemberList, "The members"))
async def list_session_members(session: str, request: Request, services: Services, who: Asker) -> Response:
    """See with whom a session is shared, also after it was closed."""
    await services.hub.state(session, who)

    def work(connection: Connection) -> tuple[MemberState, ...]:
        members = list_members(connection, session)
        return tuple(MemberState(name=read_user(connection, each.user).name, role=each.role) for each in members)

    return answer(request, MemberList(items=await services.database.read(work)))


@router.put(
    "/sessions/{session}/members/{name}",
    openapi_extra=takes(NewMember, {"role": "editor"}),
    responses=gives(MemberState, "The member"),
)
async def share_session(session: str, name: str, request: Request, services: Services, who: Asker) -> Response:
    """Share a session with a user."""
    new = await read_body(request, NewMember)
    await services.hub.open(session, who, "owner")

    if name == who.name:
        raise ConflictError("A session keeps its owner: name another user.")

    def work(connection: Connection) -> None:
        user = require_user(connection, name)
        set_member(connection, Member(session=session, user=user.id, role=new.role))

    await services.database.run(work)
    return answer(request, MemberState(name=name, role=new.role))


@router.delete("/sessions/{session}/members/{name}", status_code=204)
async def unshare_session(session: str, name: str, services: Services, who: Asker) -> Response:
    """Take a user out of a session; members may take themselves out. The owner stays."""
    who.require("make")
    mine = (await services.hub.state(session, who)).role
    if mine != "owner" and name != who.name:
        raise ApiError(403, "missing_role", f"That needs the role of owner in this session; you are {mine}.")
    if mine == "owner" and name == who.name:
        raise ConflictError("A session keeps its owner: close it instead.")

    def work(connection: Connection) -> str:
        user = require_user(connection, name)
        remove_member(connection, session, user.id)
        return user.id

    services.hub.dismiss(session, await services.database.run(work))
    return Response(status_code=204)


@router.get("/preferences", responses=gives(PreferenceList, "Your settings and tastes"))
async def list_own_preferences(request: Request, services: Services, who: Asker) -> Response:
    """See your settings, and what RooAroo has learnt of your taste."""
    who.require("read")

    def work(connection: Connection) -> PreferenceList:
        kept = list_preferences(connection, who.user)
        tastes = msgspec.to_builtins(read_tastes(connection, who.user))
        values = {each.key: each.value for each in kept if not each.key.startswith(TASTES)}
        return PreferenceList(values=values, tastes=tastes)

    return answer(request, await services.database.read(work))


@router.put("/preferences/{key}", openapi_extra=takes(PreferenceValue, {"value": "funk"}), status_code=204)
async def keep_own_preference(key: str, request: Request, services: Services, who: Asker) -> Response:
    """Keep a setting of yours, under any name of up to 64 characters."""
    who.require("make")
    _require_key(key)
    new = await read_body(request, PreferenceValue)
    if len(msgspec.json.encode(new.value)) > LARGEST_SETTING:
        sentence = f"A setting may have {LARGEST_SETTING:,} bytes at most: keep less."
        raise ApiError(422, "bad_parameter", sentence, "value")
    kept = Preference(user=who.user, key=key, value=new.value, changed=time.time())

    def work(connection: Connection) -> None:
        if not who.is_local and find_preference(connection, who.user, key) is None:
            require_setting_room(connection, who.user, services.quotas)
        keep_preference(connection, kept)

    await services.database.run(work)
    return Response(status_code=204)


@router.delete("/preferences/{key}", status_code=204)
async def forget_own_preference(key: str, services: Services, who: Asker) -> Response:
    """Forget a setting of yours."""
    who.require("make")
    _require_key(key)
    await services.database.run(partial(forget_preference, user=who.user, key=key))
    return Response(status_code=204)


async def _is_right(rates: Rates, name: str, password: str, kept: str | None) -> bool:
    """Whether a password is the one of a hash. Raises ApiError where too many wrong ones came for the name."""
    rates.check_login(name)
    try:
        is_right = await _HASHING.run(is_password, password, kept)
    except OverloadedError:
        rates.forgive_login(name)
        raise
    if is_right:
        rates.forgive_login(name)
    return is_right


def _require_key(key: str) -> None:
    """Raise ApiError for what is no name of a setting."""
    if not 0 < len(key) <= 64:
        raise ApiError(422, "bad_parameter", "The name of a setting has 1 to 64 characters.", "key")
    if key.startswith(TASTES):
        sentence = f"What begins with {TASTES} is what RooAroo learns itself: name the setting otherwise."
        raise ApiError(422, "bad_parameter", sentence, "key")


def _user(user: User, who: Who | None = None) -> UserState:
    return UserState(
        id=user.id,
        name=user.name,
        email=user.email,
        made=user.made,
        has_password=user.password_hash is not None,
        scopes=tuple(sorted(who.scopes)) if who else (),
    )


def _token(token: Token) -> TokenState:
    return TokenState(**_fields(token))


def made_token(token: Token, secret: str) -> MadeToken:
    """Return what a client sees of a token that was just made, with its secret."""
    return MadeToken(**_fields(token), token=secret)


def _fields(token: Token) -> dict[str, Any]:
    return {name: getattr(token, name) for name in TokenState.__struct_fields__}
