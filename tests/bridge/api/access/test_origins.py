"""Which Hosts, Origins and content types are answered: exactly ours, and nothing that only looks like it."""

from __future__ import annotations

import pytest

from musearoo.bridge.api.access.origins import Doors, check_content, media_type
from musearoo.bridge.api.problems.errors import ApiError

DOORS = Doors.of(24640, ("Studio.example:8443", "jam.example"), ("https://app.example/",))

HOSTS = {
    "127.0.0.1:24640": True,
    "localhost:24640": True,
    "LOCALHOST:24640": True,
    "[::1]:24640": True,
    "studio.example:8443": True,
    "jam.example": True,
    "": False,
    "127.0.0.1": False,
    "localhost": False,
    "127.0.0.1:24641": False,
    "127.0.0.1:024640": False,
    "127.0.0.1:24640 ": False,
    "127.0.0.1:24640\t": False,
    "127.0.0.1:24640@evil.example": False,
    "evil.example@127.0.0.1:24640": False,
    "127.0.0.1.:24640": False,
    "localhost.:24640": False,
    "127.evil.example:24640": False,
    "127.0.0.1.evil.example:24640": False,
    "localhost.evil:24640": False,
    "evil.localhost:24640": False,
    "127.1:24640": False,
    "127.0.0.2:24640": False,
    "2130706433:24640": False,
    "0x7f000001:24640": False,
    "0.0.0.0:24640": False,
    "::1:24640": False,
    "[0:0:0:0:0:0:0:1]:24640": False,
    "[::ffff:127.0.0.1]:24640": False,
    "[::1%25lo]:24640": False,
    "studio.example": False,
    "jam.example:80": False,
    "127.0.0.1:24640, evil.example": False,
    "127.0.0.1:24640\x00.evil.example": False,
    "ⓛocalhost:24640": False,
    "ocalhost:24640": False,
}
ORIGINS = {
    None: True,
    "http://127.0.0.1:24640": True,
    "http://localhost:24640": True,
    "HTTP://Localhost:24640": True,
    "https://127.0.0.1:24640": True,
    "http://[::1]:24640": True,
    "https://app.example": True,
    "https://jam.example": True,
    "": False,
    "null": False,
    "http://127.0.0.1": False,
    "http://127.0.0.1:24641": False,
    "http://127.0.0.1:24640/": False,
    "http://127.0.0.1:24640.evil.example": False,
    "http://127.evil.example:24640": False,
    "http://localhost.evil:24640": False,
    "http://app.example": False,
    "https://app.example.evil": False,
    "https://evil.app.example": False,
    "chrome-extension://127.0.0.1:24640": False,
    "file://": False,
}


def test_the_host_must_be_ours_to_the_letter() -> None:
    for host, is_ours in HOSTS.items():
        assert _passes(host, None) is is_ours, host


def test_the_origin_must_be_ours_or_allowed() -> None:
    for origin, is_ours in ORIGINS.items():
        assert _passes("127.0.0.1:24640", origin) is is_ours, origin


def test_without_an_origin_the_browser_says_where_the_page_is_from() -> None:
    for site, passes in {
        None: True,
        "none": True,
        "same-origin": True,
        "same-site": False,
        "cross-site": False,
    }.items():
        assert _passes("127.0.0.1:24640", None, site) is passes, site


def test_port_80_needs_no_number() -> None:
    assert Doors.of(80).hosts >= {"127.0.0.1", "localhost", "[::1]", "127.0.0.1:80"}


def test_a_wrong_host_is_told_what_to_do() -> None:
    with pytest.raises(ApiError, match="allow the name with --host") as error:
        DOORS.check("evil.example", None)
    assert error.value.status == 421
    assert "evil" not in error.value.sentence


CONTENTS = {
    "application/json": 0,
    "Application/JSON; charset=UTF-8": 0,
    'application/json;charset="utf-8"': 0,
    "application/msgpack": 0,
    "application/merge-patch+json": 0,
    "application/octet-stream": 0,
    "audio/flac": 0,
    "audio/midi": 0,
    "video/webm": 0,
    "": 415,
    "text/plain": 415,
    "text/plain;application/json": 415,
    "application/x-www-form-urlencoded": 415,
    "multipart/form-data; boundary=x": 415,
    "application/jsonp": 415,
    "application/json-patch+json": 415,
    "text/json": 415,
    "application/json, text/plain": 415,
    "application/json; charset=utf-16": 415,
    "audio": 415,
}


def test_forms_and_other_bodies_are_refused() -> None:
    for kind, status in CONTENTS.items():
        assert _status_of("POST", kind, "") == status, kind
        assert _status_of("GET", kind, "") == 0, kind


def test_compressed_bodies_are_not_opened() -> None:
    for encoding in ("gzip", "br", "zstd", "deflate", "identity, gzip", "GZIP"):
        assert _status_of("PUT", "application/json", encoding) == 415, encoding
    assert _status_of("PATCH", "application/json", " Identity ") == 0


def test_without_a_body_no_type_is_needed() -> None:
    check_content("POST", "", "", has_body=False)


def test_the_media_type_is_what_stands_before_the_parameters() -> None:
    assert media_type(" audio/WAV ; rate=44100") == "audio/wav"


def _passes(host: str, origin: str | None, site: str | None = None) -> bool:
    try:
        DOORS.check(host, origin, site)
    except ApiError:
        return False
    return True


def _status_of(method: str, content_type: str, encoding: str) -> int:
    try:
        check_content(method, content_type, encoding, has_body=True)
    except ApiError as error:
        return error.status
    return 0


@pytest.mark.parametrize(("port", "scheme"), [(80, "http"), (443, "https")])
def test_the_usual_ports_are_left_out_by_clients(port: int, scheme: str) -> None:
    doors = Doors.of(port)
    for host in ("127.0.0.1", "localhost", "[::1]", f"127.0.0.1:{port}"):
        doors.check(host, f"{scheme}://{host}")
    with pytest.raises(ApiError):
        doors.check("127.0.0.1.evil.example", None)
