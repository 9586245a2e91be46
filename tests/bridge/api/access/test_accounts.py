"""Users and tokens as REST and the command line make them, and how much one user may have."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.access.accounts import DAY, make_token, make_user, require_user
from musearoo.bridge.api.access.quotas import (
    Quotas,
    require_session_room,
    require_setting_room,
    require_token_room,
    require_upload_room,
)
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.files import add_file
from musearoo.bridge.store.preferences import keep_preference
from musearoo.bridge.store.records import File, Preference, Session
from musearoo.bridge.store.sessions import add_session, close_session
from musearoo.bridge.store.tokens import digest_token, revoke_token

NOW = 1_700_000_000.0


def _token(store: Database, **changes: Any) -> tuple[Any, str]:
    asked = {"user": "ada", "name": "phone", "scopes": ("make",), "days": 30.0, "now": NOW, **changes}
    return store.run_now(partial(make_token, **asked))


def test_a_token_has_a_secret_that_the_store_does_not_have(store: Database) -> None:
    token, secret = _token(store)
    assert secret.startswith("roo_")
    assert len(secret) == 47
    assert token.sha256 == digest_token(secret)
    assert secret not in repr(token)
    assert token.expires == NOW + 30 * DAY
    assert _token(store)[1] != secret
    everything = b"".join(path.read_bytes() for path in store.file.parent.iterdir()) if store.file else b""
    assert secret.encode() not in everything


def test_a_token_of_wrong_values_is_refused(store: Database) -> None:
    cases: dict[str, tuple[dict[str, Any], str]] = {
        "scopes": ({"scopes": ("root",)}, "There is no scope root"),
        "days": ({"days": 0.0}, "more than 0"),
        "name": ({"name": ""}, "1 to 80 characters"),
    }
    for field, (changes, said) in cases.items():
        with pytest.raises(ApiError, match=said) as error:
            _token(store, **changes)
        assert error.value.field == field
    for days in (-1.0, float("nan"), float("inf"), 1e9):
        with pytest.raises(ApiError, match="lasts"):
            _token(store, days=days)


def test_a_user_has_a_name_that_harms_nothing(store: Database) -> None:
    make = partial(make_user, email=None, password_hash=None, now=NOW)
    for name in ("bob", "b", "bob.smith+roo@studio-1.example", "9", "x" * 64):
        assert store.run_now(partial(make, name=name)).name == name
    for name in ("", "x" * 65, ".bob", "bob\n", "b ob", "../bob", "bob/..", "böb", "b\0", "<b>", "b\r\nx: y"):
        with pytest.raises(ApiError, match="letters, digits") as error:
            store.run_now(partial(make, name=name))
        assert error.value.status == 422
    with pytest.raises(ApiError, match="named bob already") as error:
        store.run_now(partial(make, name="bob"))
    assert error.value.status == 409


def test_an_unknown_user_is_named(store: Database) -> None:
    assert store.read_now(partial(require_user, name="ada")).id == "ada"
    with pytest.raises(ApiError, match="no user named eve"):
        store.read_now(partial(require_user, name="eve"))


def test_a_user_may_have_so_many_open_sessions(store: Database) -> None:
    room = partial(require_session_room, user="ada", quotas=Quotas(open_sessions=2))
    for number in range(2):
        store.read_now(room)
        session = Session(id=f"s{number}", owner="ada", name="x", kind="own", made=NOW, changed=NOW)
        store.run_now(partial(add_session, session=session))
    with pytest.raises(ApiError, match="2 open sessions: close some") as error:
        store.read_now(room)
    assert (error.value.status, error.value.code) == (403, "quota")
    store.read_now(partial(require_session_room, user="local", quotas=Quotas(open_sessions=2)))
    store.run_now(partial(close_session, session="s0", now=NOW))
    store.read_now(room)


def test_a_user_may_upload_so_much(store: Database) -> None:
    room = partial(require_upload_room, user="ada", quotas=Quotas(upload_bytes=1_000))
    store.read_now(partial(room, more=1_000))
    for name, kind, size in (("f1", "upload", 600), ("f2", "render", 600)):
        file = File(id=name, user="ada", kind=kind, name="a", path=name, bytes=size, sha256="s", made=NOW)
        store.run_now(partial(add_file, file=file))
    store.read_now(partial(room, more=400))
    with pytest.raises(ApiError, match="delete some first"):
        store.read_now(partial(room, more=401))


def test_a_user_may_have_so_many_valid_tokens(store: Database) -> None:
    room = partial(require_token_room, user="ada", quotas=Quotas(tokens=2), now=NOW)
    first, _ = _token(store)
    _token(store, days=None)
    with pytest.raises(ApiError, match="revoke some first"):
        store.read_now(room)
    store.run_now(partial(revoke_token, user="ada", token=first.id, now=NOW))
    store.read_now(room)
    _token(store, days=1.0)
    store.read_now(partial(require_token_room, user="ada", quotas=Quotas(tokens=2), now=NOW + 2 * DAY))


def test_a_user_may_have_so_many_settings(store: Database) -> None:
    room = partial(require_setting_room, user="ada", quotas=Quotas(settings=1))
    tastes = Preference(user="ada", key="tastes.bass", value={}, changed=NOW)
    store.run_now(partial(keep_preference, preference=tastes))
    store.read_now(room)
    own = Preference(user="ada", key="theme", value="dark", changed=NOW)
    store.run_now(partial(keep_preference, preference=own))
    with pytest.raises(ApiError, match="forget some first"):
        store.read_now(room)
