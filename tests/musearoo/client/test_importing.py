"""What importing the client costs, and that it needs no more than its own extra."""

from __future__ import annotations

import subprocess
import sys

from musearoo.tools import ROOT
from tests.optional import require

require("httpx2", "websockets")

HEAVY = {
    "alembic", "fastapi", "numpy", "pythonosc", "rich", "scipy", "soundfile", "sqlalchemy", "starlette", "uvicorn",
    "yaml", "av", "torch", "PIL",
}  # fmt: skip
OURS = ("musearoo.bridge.api.types", "musearoo.client", "musearoo.engines.errors")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_it_loads_nothing_heavy() -> None:
    loaded = set(eval(run("import sys, musearoo.client; print(sorted(sys.modules))")))
    assert not {name.split(".")[0] for name in loaded} & HEAVY
    ours = {name for name in loaded if name.startswith("musearoo.") and name.count(".") > 1}
    strange = {name for name in ours if not name.startswith(OURS) and name not in _PARENTS}
    assert strange == set()


_PARENTS = {"musearoo.bridge.api"}


def test_it_works_with_its_own_extra_alone() -> None:
    hide = f"import sys; sys.modules.update(dict.fromkeys({sorted(HEAVY)!r}))"
    code = f"{hide}; import musearoo; c = musearoo.Client('http://127.0.0.1:9', token=''); print(c.url); c.close()"
    assert run(code) == "http://127.0.0.1:9\n"


def test_without_its_extra_it_says_how_to_install_it() -> None:
    code = """
import sys
sys.modules["httpx2"] = None
import musearoo
try:
    musearoo.Client
except ImportError as error:
    print(error)
"""
    assert "python3 tools/dev.py setup --with server" in run(code)
