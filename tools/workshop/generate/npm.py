"""npm for our JavaScript packages: each is built in a copy, and nothing is installed into the checkout."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

SECONDS: Final = 120
OFFLINE: Final = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "ENETUNREACH",
    "ERR_SOCKET_TIMEOUT",
    "ENOTCACHED",
)
"""What npm says where its registry cannot be reached."""


class NpmError(Exception):
    """A command of npm failed; the message is what it printed."""


def why_not() -> str:
    """Return why npm cannot be run here, "" if it can."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"{missing[0]} is not installed: install Node.js 20 or later" if missing else ""


def copy_package(package: Path, folder: Path) -> Path:
    """Copy a package into a folder, install what its lock names, and return the copy. Raises NpmError."""
    copy = folder / package.name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("node_modules", "dist", "__pycache__"))
    run_npm(copy, "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts")
    return copy


def run_npm(folder: Path, *words: str, environment: dict[str, str] | None = None) -> str:
    """Run npm in a folder and return what it printed. Raises NpmError."""
    npm = shutil.which("npm") or "npm"
    try:
        done = subprocess.run(
            [npm, *words], cwd=folder, capture_output=True, text=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        printed = error.stdout or b""  # bytes also where text is asked for
        text = printed.decode(errors="replace") if isinstance(printed, bytes) else printed
        raise NpmError(f"npm {' '.join(words)} was still at work after {SECONDS} s. It printed:\n{text}") from None
    if done.returncode != 0:
        raise NpmError(done.stdout + done.stderr)
    return done.stdout


def is_offline(error: NpmError) -> bool:
    """Whether npm failed because it could not reach its registry."""
    return any(code in str(error) for code in OFFLINE)
