"""Writes the golden takes anew, or with --check says which no longer agree.

Run it as `python -m tests.engines.regenerate_golden`.
"""

from __future__ import annotations

import argparse
import sys

from tests.engines.golden_takes import FOLDER, GOLDEN_TAKES, write_take


def main() -> int:
    """0 when all is in step or was written, 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    check = parser.parse_args().check
    differing = []
    for take in GOLDEN_TAKES:
        text = write_take(take)
        if not take.path.exists() or take.path.read_text(encoding="utf-8") != text:
            differing.append(take.path)
            if not check:
                FOLDER.mkdir(exist_ok=True)
                take.path.write_text(text, encoding="utf-8", newline="\n")
    strays = sorted(set(FOLDER.glob("*.txt")) - {take.path for take in GOLDEN_TAKES})
    for path in differing + strays:
        print(f"{'stray' if path in strays else 'differs' if check else 'written'}: {path.name}")
    return 1 if strays or (check and differing) else 0


if __name__ == "__main__":
    sys.exit(main())
