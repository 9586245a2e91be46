"""Writes the TypeScript client's types, bridge/api/typescript/src/schema.ts, from bridge/api/openapi.json.

python -m musearoo.tools.workshop.generate.typescript            writes them
python -m musearoo.tools.workshop.generate.typescript --check    exits 1 where they are out of step

npm fetches what the package's lock names into a copy of the package; nothing is installed into the checkout.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from musearoo.tools import ROOT

API: Final = ROOT / "bridge" / "api"
PACKAGE: Final = API / "typescript"
SCHEMA: Final = PACKAGE / "src" / "schema.ts"
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


def copy_package(folder: Path) -> Path:
    """Copy the package and the specification into a folder, install what its lock names, and return its copy.

    Raises NpmError.
    """
    shutil.copy(API / "openapi.json", folder)
    copy = folder / "typescript"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
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


def write_schema(copy: Path) -> str:
    """Return the types of a copy's specification."""
    run_npm(copy, "run", "generate")
    return (copy / "src" / "schema.ts").read_text(encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Writes the types, or with --check compares them; returns the exit status."""
    parser = argparse.ArgumentParser(description="Write the TypeScript client's types.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the types are out of step")
    options = parser.parse_args(argv)
    if reason := why_not():
        print(f"not checked: {reason}")
        return 0 if options.check else 1
    with tempfile.TemporaryDirectory() as folder:
        try:
            wanted = write_schema(copy_package(Path(folder)))
        except NpmError as error:
            if is_offline(error) and options.check:
                print("not checked: npm cannot reach its registry")
                return 0
            print(error, file=sys.stderr)
            return 1
    if SCHEMA.exists() and SCHEMA.read_text(encoding="utf-8") == wanted:
        return 0
    if options.check:
        print(
            f"{SCHEMA.relative_to(ROOT)} is out of step with bridge/api/openapi.json: "
            "run python -m musearoo.tools.workshop.generate.typescript",
            file=sys.stderr,
        )
        return 1
    SCHEMA.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
