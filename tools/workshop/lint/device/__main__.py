"""Report faults in Max for Live devices, patchers and scripts.

python -m musearoo.tools.workshop.lint.device FILE...                    exits 1 for findings, 2 for unreadable files
python -m musearoo.tools.workshop.lint.device --only structure FILE...   only what Max would silently drop python -m
musearoo.tools.workshop.lint.device --rules                    the table of rules
"""

import argparse
import sys
from pathlib import Path

from musearoo.tools.workshop.lint.device.linter import RULES, check_files
from musearoo.tools.workshop.lint.device.reading.findings import Ground


def main(arguments: list[str] | None = None) -> int:
    """Lint the files and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.workshop.lint.device", description="Lints Max for Live devices."
    )
    parser.add_argument("files", nargs="*", type=Path, help="*.amxd, *.maxpat or *.js")
    parser.add_argument("--only", choices=[ground.value for ground in Ground], help="rules of one ground alone")
    parser.add_argument("--rules", action="store_true", help="show the rules")
    options = parser.parse_args(arguments)
    if options.rules:
        for name, rule in sorted(RULES.items(), key=lambda item: (list(Ground).index(item[1].ground), item[0])):
            print(f"{rule.ground.value:<10} {name:<18} {rule.asks}")
        return 0
    if not options.files:
        parser.error("name a file, or --rules")
    try:
        findings = check_files(options.files, [Ground(options.only)] if options.only else tuple(Ground))
    except OSError as error:
        print(f"{error.filename} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    print(f"Findings: {len(findings)}. Files: {len(options.files)}.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
