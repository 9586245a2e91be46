"""Problems: every error is one, with a sentence, and tells nothing of the inside."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from tests.optional import require

require("sqlalchemy")

from musearoo.bridge.api.problems.decoding import decode_body, require_plain
from musearoo.bridge.api.problems.errors import (
    STATUS,
    TITLES,
    ApiError,
    ConflictError,
    NotFoundError,
    OverloadedError,
    RefusedError,
)
from musearoo.bridge.api.problems.translating import problem_of
from musearoo.bridge.api.types.people import NewUser, PreferenceValue
from musearoo.bridge.api.types.requests import Generate
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.store import errors as store
from musearoo.engines.errors import ParamError

WHERE = "/home/me/.config/musearoo/musearoo.db"


def test_every_refusal_has_a_status_with_a_title() -> None:
    for refusal in Refusal:
        error = RefusedError(refusal, "It cannot be done.")
        assert error.status == STATUS.get(refusal, 422)
        problem = error.problem("/api/v3/x")
        assert problem.title == TITLES[error.status], refusal
        assert (problem.code, problem.detail, problem.instance) == (
            refusal.name.lower(),
            "It cannot be done.",
            "/api/v3/x",
        )


def test_an_overloaded_server_says_when() -> None:
    for seconds, after in ((0.001, 1), (1.4, 1), (7.0, 7)):
        error = OverloadedError(seconds)
        assert (error.status, error.retry_after) == (503, after)
        assert f"in {after} s" in error.sentence


def test_errors_of_the_store_do_not_name_its_place(caplog: pytest.LogCaptureFixture) -> None:
    for kind, status, code in (
        (store.BusyError, 503, "store_busy"),
        (store.DiskFullError, 507, "disk_full"),
        (store.CorruptError, 500, "store_damaged"),
        (store.UnavailableError, 503, "store"),
        (store.OutdatedError, 503, "store"),
    ):
        problem = problem_of(kind(f"{WHERE} cannot be used."))
        assert (problem.status, problem.code) == (status, code)
        assert WHERE not in problem.sentence
        assert problem.sentence.endswith((".", ")."))
        assert (problem.retry_after is not None) is (status == 503)
        # The log does.
        assert WHERE in caplog.records[-1].getMessage()
    for own, status in ((store.ConflictError, 409), (store.MissingError, 404), (store.RefusedError, 422)):
        problem = problem_of(own("There is no such take: read the list again."))
        assert (problem.status, problem.sentence) == (status, "There is no such take: read the list again.")


def test_what_an_engine_cannot_work_with_is_the_users_value() -> None:
    problem = problem_of(ParamError("bars", "1 to 64", 0))
    assert (problem.status, problem.field, problem.sentence) == (422, "bars", "bars must be 1 to 64, but was 0.")


def test_problems_pass_and_faults_are_raised() -> None:
    for error in (ApiError(418, "teapot", "I am one."), NotFoundError("No."), ConflictError("No.")):
        assert problem_of(error) is error
    with pytest.raises(ZeroDivisionError):
        problem_of(ZeroDivisionError())


BODIES: tuple[tuple[type, bytes, int, str], ...] = (
    (NewUser, b'{"name":"ada"}', 0, ""),
    (NewUser, b"{}", 422, ""),
    (NewUser, b'{"name":1}', 422, "name"),
    (NewUser, b'{"name":"ada\\n"}', 422, "name"),
    (NewUser, b'{"name":"ada","more":1}', 422, ""),
    (NewUser, b'{"name":"ada","email":"a\\u0000b"}', 422, "email"),
    (NewUser, b"[]", 422, ""),
    (NewUser, b"{", 400, ""),
    (NewUser, b'{"name":"\xff"}', 400, ""),
    (Generate, b'{"bars":65}', 422, "bars"),
    (Generate, b'{"changes":["x\\u0000"]}', 422, "changes"),
    (Generate, b'{"options":{"a":99999999999999999999}}', 422, "options"),
    (Generate, b'{"options":{"a":[1]}}', 422, "options"),
    (PreferenceValue, b'{"value":' + b"[" * 31 + b"]" * 31 + b"}", 0, ""),
    (PreferenceValue, b'{"value":' + b"[" * 40 + b"]" * 40 + b"}", 422, "value"),
    (PreferenceValue, b'{"value":' + b"[" * 9_000 + b"]" * 9_000 + b"}", 400, ""),
    (PreferenceValue, b'{"value":1e999}', 422, "value"),
    (PreferenceValue, b'{"value":{"a\\u0000":1}}', 422, "value"),
)


def test_a_wrong_body_names_the_field() -> None:
    for kind, body, status, field in BODIES:
        if status == 0:
            decode_body(msgspec.json.Decoder(kind), body)
            continue
        with pytest.raises(ApiError, match=r"\.$") as error:
            decode_body(msgspec.json.Decoder(kind), body)
        assert (error.value.status, error.value.field) == (status, field), body


def test_msgpack_has_no_more_than_json() -> None:
    decoder = msgspec.msgpack.Decoder(PreferenceValue)
    right: tuple[Any, ...] = (1, 0.5, "a", True, [1, {"b": None}], {}, -(2**63) + 1)
    for value in right:
        assert decode_body(decoder, msgspec.msgpack.encode({"value": value})).value == value
    wrong: tuple[Any, ...] = (
        math.nan, math.inf, -math.inf, [math.nan], {"a": math.inf}, {1: 2}, {"a": b"bytes"}, 2**64 - 1,
        {"a": msgspec.msgpack.Ext(5, b"x")},
    )  # fmt: skip
    for value in wrong:
        with pytest.raises(ApiError):
            decode_body(decoder, msgspec.msgpack.encode({"value": value}))


def test_a_plain_value_is_let_through() -> None:
    require_plain({"a": [1, 2.5, "x", None, True]}, "value")
