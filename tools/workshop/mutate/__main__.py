"""python -m musearoo.tools.workshop.mutate [--count N] [--seed N] [--only GLOB] [--at-least PERCENT] [--json]

Apply N mutants to the core, one at a time, and report those that its tests do not detect. Exits 1 when fewer than
PERCENT of them are killed. Equivalent mutants are listed with a reason in `equivalent.yaml` and not counted.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from fnmatch import fnmatchcase
from pathlib import Path

# Before NumPy is imported, because processes that fork should have one thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

from musearoo.tools.workshop.mutate.mutants import Mutant
from musearoo.tools.workshop.mutate.running import Placed, UnfitTestsError, judge
from musearoo.tools.workshop.mutate.scope import core_modules, read_equivalent, sample_mutants


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.workshop.mutate", description=(__doc__ or "").split("\n\n")[1]
    )
    parser.add_argument("--count", type=int, default=300, help="how many mutants (300)")
    parser.add_argument("--seed", type=int, default=1, help="which of all (1)")
    parser.add_argument("--only", metavar="GLOB", default="*", help="of the files that match, as engines/players/mix/*")
    parser.add_argument("--at-least", metavar="PERCENT", type=float, default=0.0, help="exit 1 below this")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    paths = tuple(path for path in core_modules() if fnmatchcase(path.as_posix(), options.only))
    if not paths:
        parser.error(f"no file of the core matches {options.only}")
    survivors: list[Placed] = []
    started = time.monotonic()
    sample = sample_mutants(paths, options.count, options.seed)
    equivalent = read_equivalent()
    fit = [(path, each) for path, each in sample if (path.as_posix(), each.before, each.after) not in equivalent]
    counts = {"killed": 0, "timeout": 0, "survived": 0, "equivalent": len(sample) - len(fit)}
    try:
        with tempfile.TemporaryDirectory() as folder:
            for (path, mutant), verdict in judge(fit, Path(folder)):
                counts[verdict] += 1
                print(f"{verdict:<8} {path}:{mutant.line} {mutant.operator}", file=sys.stderr, flush=True)
                if verdict == "survived":
                    survivors.append((path, mutant))
                    print(_diff(mutant), file=sys.stderr, flush=True)
    except UnfitTestsError as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 1
    percent = round(100.0 * (len(fit) - len(survivors)) / len(fit), 1) if fit else 100.0
    report = {"seed": options.seed, "percent": percent, **counts, "seconds": round(time.monotonic() - started)}
    if options.json:
        report["survivors"] = [
            {"file": path.as_posix(), "line": each.line, "operator": each.operator, "before": each.before,
             "after": each.after}
            for path, each in survivors
        ]  # fmt: skip
        print(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        for path, each in survivors:
            print(f"{path}:{each.line} {each.operator}\n{_diff(each)}")
        print(", ".join(f"{name} {value}" for name, value in report.items()))
    return 0 if percent >= options.at_least else 1


def _diff(mutant: Mutant) -> str:
    return f"  - {mutant.before}\n  + {mutant.after}"


if __name__ == "__main__":
    sys.exit(main())
