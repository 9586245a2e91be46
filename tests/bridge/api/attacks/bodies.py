"""Attacks by what is in a body or a text: size, depth, numbers, characters, patterns, and lines for the log."""

from __future__ import annotations

import gzip
import io
import json
import struct
import time
import zlib
from typing import Any

import msgspec

from tests.bridge.api.attacks.arena import Arena, Attack, expect

SESSIONS = "/api/v3/sessions"


def oversize(arena: Arena) -> None:
    expect(arena.ask("POST", SESSIONS, "content-type: application/json", "content-length: 10000000000"), 413)
    expect(arena.ask("POST", SESSIONS, "content-type: application/json", f"content-length: {'9' * 18}"), 413)
    big = b'{"name":"' + b"x" * 300_000 + b'"}'
    expect(arena.post(SESSIONS, big), 413)
    chunk = b"%x\r\n" % 50_000 + b"x" * 50_000 + b"\r\n"
    lines = ("content-type: application/json", "transfer-encoding: chunked")
    expect(arena.ask("POST", SESSIONS, *lines, body=chunk * 10 + b"0\r\n\r\n"), 413)
    expect(arena.post(SESSIONS, {"name": "x" * 200_000}), 422)


def bombs(arena: Arena) -> None:
    bomb = b"\0" * 10_000_000
    packed = {"gzip": gzip.compress(bomb), "deflate": zlib.compress(bomb), "br": b"\x8b\x02\x80", "zstd": b"(\xb5/\xfd"}
    for encoding, data in packed.items():
        lines = ("content-type: application/json", f"content-encoding: {encoding}")
        expect(arena.ask("POST", SESSIONS, *lines, body=data), 415, encoding)
    lines = ("content-type: application/json", "transfer-encoding: gzip, chunked")
    expect(arena.ask("POST", SESSIONS, *lines, body=b"0\r\n\r\n"), (400, 413, 415))


def sound_bombs(arena: Arena) -> None:
    import numpy as np
    import soundfile

    day = io.BytesIO()
    with soundfile.SoundFile(day, "w", 1_000, 1, format="FLAC", subtype="PCM_16") as file:
        for _ in range(24):
            file.write(np.zeros(3_600_000, dtype="int16"))
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 2**32 - 1, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", 2**32 - 9
    )
    for name, data in (("day.flac", day.getvalue()), ("endless.wav", head + bytes(1_000))):
        assert len(data) < 1_000_000
        for query in ("", "&place=true", "&deep=true"):
            path = f"{SESSIONS}/{arena.session}/analyze?name={name}{query}"
            expect(arena.ask("POST", path, "content-type: application/octet-stream", body=data), 422, name)


def deep_nesting(arena: Arena) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        for depth in (33, 900, 40_000):
            body = '{"value":' + opening * depth + "1" + closing * depth + "}"
            data = body.encode()
            expect(
                arena.ask("PUT", "/api/v3/preferences/x", "content-type: application/json", body=data),
                (400, 413, 422),
                depth,
            )
            expect(arena.post(SESSIONS, data), (400, 413, 422), depth)
    packed = b"\x81\xa5value" + b"\x91" * 100_000 + b"\x01"
    expect(arena.ask("PUT", "/api/v3/preferences/x", "content-type: application/msgpack", body=packed), (400, 422))


def strange_numbers(arena: Arena) -> None:
    for number in (
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "1e400",
        "9" * 400,
        "-" + "9" * 400,
        "0x10",
        "1_0",
        "01",
        "+1",
        ".5",
    ):
        body = f'{{"bpm":{number}}}'.encode()
        expect(arena.post(SESSIONS, body), (400, 422), number)
        body = f'{{"value":{number}}}'.encode()
        expect(
            arena.ask("PUT", "/api/v3/preferences/x", "content-type: application/json", body=body), (400, 422), number
        )
    for bpm in (float("nan"), float("inf"), float("-inf"), -1.0, 0.0, 1e308):
        body = msgspec.msgpack.encode({"bpm": bpm})
        expect(arena.ask("POST", SESSIONS, "content-type: application/msgpack", body=body), 422, bpm)
    for value in (float("nan"), float("inf"), b"bytes", {1: 2}, msgspec.msgpack.Ext(5, b"x"), 2**64 - 1):
        body = msgspec.msgpack.encode({"value": value})
        lines = ("content-type: application/msgpack",)
        expect(arena.ask("PUT", "/api/v3/preferences/x", *lines, body=body), (400, 422), value)
    options = msgspec.msgpack.encode({"options": {"x": float("nan")}})
    path = f"{SESSIONS}/{arena.session}/generate/bassaroo"
    expect(arena.ask("POST", path, "content-type: application/msgpack", body=options), 422)
    for query in (
        "limit=0",
        "limit=-1",
        "limit=99999999999999999999",
        "limit=1e3",
        "limit=NaN",
        "limit=²",
        "after=" + "9" * 40,
    ):
        expect(
            arena.ask("GET", f"{SESSIONS}/{arena.session}/takes?{query.encode().decode('latin-1')}"), (400, 422), query
        )
    for version in ('"-1"', '"1e3"', f'"{"9" * 5_000}"', '"NaN"', "1,2", '"٣"'):
        line = f"if-match: {version.encode().decode('latin-1')}"
        expect(arena.ask("POST", f"{SESSIONS}/{arena.session}/undo", line), 412, version)
    expect(arena.post(f"{SESSIONS}/{arena.session}/undo", b'{"version":' + b"9" * 400 + b"}"), (409, 422))


TEXTS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "", {"name": "…"}),
    ("POST", "", {"key": "…"}),
    ("POST", "", {"time_signature": "…"}),
    ("POST", "", {"live_set": "…"}),
    ("PATCH", "/{session}", {"name": "…"}),
    ("POST", "/{session}/generate/bassaroo", {"style": "…"}),
    ("POST", "/{session}/generate/bassaroo", {"key": "…"}),
    ("POST", "/{session}/generate/bassaroo", {"chords": "…"}),
    ("POST", "/{session}/generate/bassaroo", {"changes": ["…"]}),
    ("POST", "/{session}/generate/bassaroo", {"options": {"…": 1}}),
    ("POST", "/{session}/generate/bassaroo", {"options": {"x": "…"}}),
    ("POST", "/{session}/generate/…", {}),
    ("POST", "/{session}/band", {"engines": ["…"]}),
    ("POST", "/{session}/song", {"form": "…", "style": "…"}),
    ("POST", "/{session}/refine", {"changes": ["…"], "style": "…"}),
    ("POST", "/{session}/mix", {"style": "…", "pinned": ["…"]}),
    ("POST", "/{session}/say", {"text": "…"}),
    ("POST", "/{session}/actions", {"intent": "key", "key": "…"}),
    ("PUT", "/{session}/members/…", {"role": "editor"}),
    ("DELETE", "/{session}/members/…", None),
    ("GET", "/…", None),
    ("GET", "?after=…", None),
    ("PUT", "/../preferences/…", {"value": 1}),
    ("PUT", "/../preferences/x", {"value": "…"}),
    ("PUT", "/../preferences/x", {"value": {"…": ["…"]}}),
    ("DELETE", "/../preferences/…", None),
    ("POST", "/../tokens", {"name": "…"}),
    ("DELETE", "/../tokens/…", None),
    ("GET", "/../takes/…", None),
    ("POST", "/../login", {"name": "…", "password": "…"}),
    ("PUT", "/../me/password", {"password": "…………………………", "before": "…"}),
)
"""Every place of a text; … stands for it."""


def nul_and_surrogates(arena: Arena) -> None:
    for bad, statuses in (
        ("\\u0000", (404, 403, 409, 422)),
        ("a\\u0000b", (401, 403, 404, 409, 422)),
        ("\\ud800", (400, 401, 404, 422)),
    ):
        in_path = {"\\u0000": "%00", "a\\u0000b": "a%00b", "\\ud800": "%ed%a0%80"}[bad]
        for method, path, body in TEXTS:
            target = f"{SESSIONS}{path}".replace("{session}", arena.session).replace("…", in_path)
            target = target.replace("/sessions/..", "")
            data = b"" if body is None else json.dumps(body, ensure_ascii=False).replace("…", bad).encode()
            answer = arena.ask(method, target, "content-type: application/json", body=data)
            in_address = "…" in path and bad == "\\ud800"
            # Forgetting what is not there is no error, and a text that is only long is none either.
            # In an address, half a pair is replaced before anything reads it.
            fine = {200, 204} if in_address else {204} if method == "DELETE" else set()
            expect(answer, fine.union(statuses), (method, path, bad))
    for broken in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc3"):
        expect(arena.post(SESSIONS, b'{"name":"' + broken + b'"}'), 400, broken)
        packed = b"\x81\xa4name" + bytes([0xA0 + len(broken)]) + broken
        expect(arena.ask("POST", SESSIONS, "content-type: application/msgpack", body=packed), 400, broken)


def strange_texts(arena: Arena) -> None:
    for text in (
        "\u202e\u2066",
        "\ufeff",
        "Z̸͎͠a̵l̶g̷o̸" * 3,
        "💥" * 10,
        "'; DROP TABLE sessions; --",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "%s%n",
        "\x1b[31m",
        "a\rb\nc\x85d\u2028e",
    ):
        made = arena.ada.post("/sessions", json={"name": text})
        expect(made, 201, text)
        assert arena.ada.get(f"/sessions/{made.json()['id']}").json()["name"] == text
    for name in ("drummaroo\n", "drummaroo\x1b[2J", "__class__", "../drums"):
        answer = arena.ada.post(f"/sessions/{arena.session}/generate/bassaroo", json={"style": name})
        expect(answer, 422, name)
    assert arena.ada.post("/users", json={"name": "mallory\n"}).status_code in (403, 422)
    with arena.server.client() as local:
        for name in ("mallory\n", "mal\u006cory ", "../x", "", "a" * 65):
            expect(local.post("/users", json={"name": name}), 422, name)
        expect(local.post("/sessions", json={"time_signature": "4/4\n"}), 422)


def slow_patterns(arena: Arena) -> None:
    for path, field, most, texts in (
        (
            "say",
            "text",
            300,
            (
                "a " * 200,
                "in " * 100,
                "bar bar " * 60,
                "1" * 300,
                "and then " * 40,
                "((((((" * 50,
                "C# " * 100,
                "four " * 80,
            ),
        ),
        (
            "generate/bassaroo",
            "chords",
            160,
            (
                "C|" * 80,
                "(" * 160,
                "C/" * 80,
                "Cmaj7sus4add9b5#11/" * 9,
                "| " * 80,
                "1" * 160,
                "N" * 160,
                "C" * 159 + "!",
            ),
        ),
        ("generate/bassaroo", "key", 32, ("A " * 16, "#" * 32, "b" * 32, "minor" * 6, "A" * 31 + "!")),
        ("generate/bassaroo", "style", 32, ("a" * 32, "- " * 16)),
    ):
        for text in texts:
            began = time.perf_counter()
            answer = arena.ada.post(f"/sessions/{arena.session}/{path}", json={field: text[:most]})
            seconds = time.perf_counter() - began
            expect(answer, (200, 422, 409), text)
            assert seconds < 2.0, (path, text, seconds)


def lines_for_the_log(arena: Arena) -> None:
    mark = "2026-01-01 00:00:00.000 ERROR   forged"
    for line in (
        f"x-forwarded-for: {mark}",
        f"user-agent: \x1b]0;{mark}\x07",
        f"origin: {mark}",
        f"x-request-id: {mark}",
    ):
        arena.ask("GET", "/api/v3/me", line)
    arena.ask("GET", f"/api/v3/%0a{mark.replace(' ', '%20')}")
    arena.ask("GET", "/api/v3/me", token=f"x {mark}")
    arena.ada.post("/sessions", json={"name": f"x\n{mark}\n"})
    arena.ada.post(f"/sessions/{arena.session}/say", json={"text": f"drums\n{mark}"})
    arena.ada.post("/login", json={"name": f"\n{mark}"[:64], "password": mark})
    assert "forged" not in arena.server.log_text


ATTACKS = (
    Attack(
        "Bodies beyond the bound, declared, not declared, or in chunks",
        "413, and the connection ends (256 kB; uploads 512 MB)",
        oversize,
    ),
    Attack("Decompression bombs (gzip, deflate, br, zstd)", "415: no compressed body is opened", bombs),
    Attack(
        "Sound files of hours in a few kB, and of endless declared length",
        "422 by their heads: more than 31 minutes are not opened",
        sound_bombs,
    ),
    Attack("JSON and msgpack nested 40,000 deep", "400, 413 or 422", deep_nesting),
    Attack(
        "NaN, infinity, 400 digits, in bodies, addresses and versions",
        "400, 412 or 422, naming the field",
        strange_numbers,
    ),
    Attack("NUL and half surrogate pairs in every text, broken UTF-8", "400 or 422, never 500", nul_and_surrogates),
    Attack(
        "SQL, HTML, escape sequences, reversed text in names",
        "kept and given back as they are: nothing interprets them",
        strange_texts,
    ),
    Attack("Texts that make patterns slow (ReDoS)", "answered in well under 2 s", slow_patterns),
    Attack("Line ends and escape sequences for the log", "the log has no word of what clients send", lines_for_the_log),
)
