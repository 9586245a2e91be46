"""What a running daemon has imported, as Python itself tells: nothing of the server may be among it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from musearoo.engines.errors import EngineError

WEB: Final = (
    "alembic",
    "argon2",
    "fastapi",
    "httptools",
    "httpx2",
    "prometheus_client",
    "psycopg",
    "pydantic",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "uvloop",
    "websockets",
)
"""Packages of the server that the daemon must not import."""

_VARIABLE: Final = "PYTHONPROFILEIMPORTTIME"


@contextmanager
def imports_told() -> Iterator[None]:
    """Let processes that start meanwhile tell what they import, on their stderr."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = "1"
    try:
        yield
    finally:
        del os.environ[_VARIABLE]
        if before is not None:
            os.environ[_VARIABLE] = before


def web_imports(stderr: str) -> list[str]:
    """Return the web packages that a daemon's stderr names. Raises EngineError where it names no imports at all."""
    # Line by line: “import time: … | … | package.module”.
    told = {line.rpartition("|")[2].strip() for line in stderr.splitlines() if "import time:" in line}
    if "musearoo.bridge.daemon" not in told:
        raise EngineError("The daemon did not tell what it imports.")
    return sorted({name.partition(".")[0] for name in told} & set(WEB))
