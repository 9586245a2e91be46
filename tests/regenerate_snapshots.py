"""Write all snapshots and kept numbers anew, or with --check say which no longer agree.

Run it as `python -m tests.regenerate_snapshots [FOLDER…]`, with folders such as tests/engines/audio/loops.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.engines.kept_numbers import write_numbers
from tests.snapshots import write_lines

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """0 when all is in step or was written, 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="only these (all)")
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    options = parser.parse_args()
    differing = []
    for folder in options.folders or [ROOT / "tests"]:
        for kept, text in _list_kept(folder.resolve()):
            if not kept.exists() or kept.read_text(encoding="utf-8") != text:
                differing.append(kept)
                if not options.check:
                    kept.write_text(text, encoding="utf-8", newline="\n")
    for kept in differing:
        print(f"{'differs' if options.check else 'written'}: {kept.relative_to(ROOT)}")
    return 1 if options.check and differing else 0


def _list_kept(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each kept file in a folder and those below it, with what it should say."""
    for file in sorted(folder.rglob("test_snapshots.py")):
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        if hasattr(module, "outcomes"):
            yield file.with_name("snapshots.txt"), "".join(f"{line}\n" for line in write_lines(module.outcomes()))
        if hasattr(module, "NUMBERS"):
            yield file.with_name("numbers.txt"), write_numbers(module.NUMBERS)


if __name__ == "__main__":
    sys.exit(main())
