"""What a browser loads of the page: a fixed list of files, each with its ETag, and the policy for scripts."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

WEB: Final = Path(__file__).parent / "web"
INDEX: Final = "index.html"
MEDIA_TYPES: Final = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }
)
"""What is served, by the ending of the name. Types for developers (.d.ts) are not."""
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self' {socket}; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, nothing inline. `socket`: browsers differ in whether 'self' covers WebSockets.

All files have it: a worker obeys the policy of its own script, not that of the page.
"""
_CODING: Final = re.compile(r"([^\s,;]+)\s*(?:;\s*q\s*=\s*([\d.]*))?")
_NEVER: Final = re.compile(r"0(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file of the page. `packed` is `body` by gzip, None where that would not be smaller."""

    body: bytes
    packed: bytes | None
    media_type: str
    etag: str


@cache
def list_files(folder: Path = WEB) -> frozenset[str]:
    """Return the paths of all files that are served, relative to the folder, with slashes."""
    return frozenset(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in MEDIA_TYPES and not path.name.endswith(".d.ts") and path.is_file()
    )


def read_file(name: str, folder: Path = WEB) -> WebFile | None:
    """Return a file of the list, None for every other path. One that was changed is read again."""
    if name not in list_files(folder):
        return None
    path = folder / name
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@cache
def _read(path: Path, _changed: int) -> WebFile:
    body = path.read_bytes()
    packed = gzip.compress(body, 6, mtime=0)
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return WebFile(body, packed if len(packed) < len(body) else None, MEDIA_TYPES[path.suffix], etag)


def policy_for(host: str) -> str:
    """Return the Content-Security-Policy of the page's files under a Host that was found to be one of ours."""
    return POLICY.format(socket=f"ws://{host} wss://{host}")


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client takes gzip, by its header Accept-Encoding (RFC 9110, 12.5.3).

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("*"), takes_gzip("gzip; q=0, *"), takes_gzip("x-gzip-like")
    (True, True, False, False)
    """
    wanted = dict(_CODING.findall(accept_encoding.lower()))
    quality = wanted.get("gzip", wanted.get("*"))
    return quality is not None and _NEVER.fullmatch(quality) is None
