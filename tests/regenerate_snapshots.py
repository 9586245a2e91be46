"""Write the snapshots of all engines anew, or with --check say which no longer agree.

Run it as `python -m tests.regenerate_snapshots`.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from tests.snapshots import write_lines

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """0 when all is in step or was written, 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    check = parser.parse_args().check
    differing = []
    for file in sorted(ROOT.glob("tests/**/test_snapshots.py")):
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        if not hasattr(module, "outcomes"):
            continue
        kept = file.with_name("snapshots.txt")
        text = "".join(f"{line}\n" for line in write_lines(module.outcomes()))
        if not kept.exists() or kept.read_text(encoding="utf-8") != text:
            differing.append(kept)
            if not check:
                kept.write_text(text, encoding="utf-8", newline="\n")
    for kept in differing:
        print(f"{'differs' if check else 'written'}: {kept.relative_to(ROOT)}")
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
