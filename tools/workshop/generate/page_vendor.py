"""Makes the one file of other people's code that the page loads first: Preact, its signals, and htm, as one module.

python -m musearoo.tools.workshop.generate.page_vendor            makes it
python -m musearoo.tools.workshop.generate.page_vendor --check    exits 1 where another one would be made

bridge/page/package-lock.json names the versions, bridge/page/vendor_entry.js what of them the page uses.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from musearoo.tools import ROOT
from musearoo.tools.workshop.generate.npm import NpmError, copy_package, is_offline, run_npm, why_not

PACKAGE: Final = ROOT / "bridge" / "page"
VENDORED: Final = Path("web/vendor/preact.js")


def make(folder: Path) -> bytes:
    """Return the file, made in a copy of the package below a folder. Raises NpmError."""
    copy = copy_package(PACKAGE, folder)
    run_npm(copy, "run", "vendor")
    return (copy / VENDORED).read_bytes()


def main(argv: list[str] | None = None) -> int:
    """Makes the file, or with --check compares it; returns the exit status."""
    parser = argparse.ArgumentParser(description="Make the page's vendored file.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when another one would be made")
    options = parser.parse_args(argv)
    if reason := why_not():
        print(f"not checked: {reason}")
        return 0 if options.check else 1
    with tempfile.TemporaryDirectory() as folder:
        try:
            wanted = make(Path(folder))
        except NpmError as error:
            if is_offline(error) and options.check:
                print("not checked: npm cannot reach its registry")
                return 0
            print(error, file=sys.stderr)
            return 1
    path = PACKAGE / VENDORED
    if path.read_bytes() == wanted:
        return 0
    if options.check:
        print(f"{path.relative_to(ROOT)} is not what its lock makes: run this without --check", file=sys.stderr)
        return 1
    path.write_bytes(wanted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
