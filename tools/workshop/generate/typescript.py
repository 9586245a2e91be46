"""Writes the TypeScript client's types, bridge/api/typescript/src/schema.ts, from bridge/api/openapi.json.

python -m musearoo.tools.workshop.generate.typescript            writes them
python -m musearoo.tools.workshop.generate.typescript --check    exits 1 where they are out of step

npm fetches what the package's lock names into a copy of the package; nothing is installed into the checkout.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from musearoo.tools import ROOT
from musearoo.tools.workshop.generate.npm import NpmError, copy_package, is_offline, run_npm, why_not

API: Final = ROOT / "bridge" / "api"
PACKAGE: Final = API / "typescript"
SCHEMA: Final = PACKAGE / "src" / "schema.ts"


def copy_client(folder: Path) -> Path:
    """Copy the client's package and the specification into a folder, and return the package's copy. Raises NpmError."""
    shutil.copy(API / "openapi.json", folder)
    return copy_package(PACKAGE, folder)


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
            wanted = write_schema(copy_client(Path(folder)))
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
