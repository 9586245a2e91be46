"""The tasks of `tools/dev.py`: their command line, and each in a few lines."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from musearoo.tools.workshop.development.checks import run_checks
from musearoo.tools.workshop.development.environment import OPTIONAL, Environment, available
from musearoo.tools.workshop.development.failures import SetupError
from musearoo.tools.workshop.development.links import link_folders
from musearoo.tools.workshop.development.locks import find_disagreements
from musearoo.tools.workshop.development.processes import MachineProcesses, Processes, tell
from musearoo.tools.workshop.development.resolution import write_locks

ROOT = Path(__file__).resolve().parents[3]

# What follows these words is not ours: it goes to the demo and to pytest as it stands.
PASSING_ON = ("demo", "test", "soak")

# What the tests use beside the core; what else they could use is skipped where it is missing.
TESTED = ("dev", "simulator", "server", "midi", "voice", "analysis", "stems")


# More would wait for one another: many tests start a daemon and a simulated Live of their own.
MOST_SIDE_BY_SIDE = 4


def spread_tests(cores: int) -> list[str]:
    """pytest's words for all tests, side by side; those of one file stay together, for they share what they start.

    One more than there are cores: many of them wait for a process or a clock.

    >>> spread_tests(2)
    ['-n', '3', '--dist', 'loadfile']
    """
    return ["-n", str(min(cores + 1, MOST_SIDE_BY_SIDE)), "--dist", "loadfile"]


def make_parser() -> argparse.ArgumentParser:
    """The command line of tools/dev.py."""
    parser = argparse.ArgumentParser(
        prog="tools/dev.py",
        description="Sets MuseAroo up and runs its tasks. Each task makes .venv from the locks when it needs it.",
        allow_abbrev=False,
    )
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    setup = tasks.add_parser("setup", help="make or mend .venv, with the tests' needs", allow_abbrev=False)
    setup.add_argument(
        "--with",
        dest="groups",
        type=_parse_groups,
        default=(),
        metavar="GROUPS",
        help=f"also install, separated by commas: {', '.join(OPTIONAL)}",
    )
    setup.add_argument("--python", metavar="PROGRAM", help="the Python 3.11 or 3.12 to make it with")
    setup.add_argument("--torch-index", default="", metavar="URL", help="where pip finds torch's build for your GPU")
    setup.add_argument("--fresh", action="store_true", help="remove .venv first")
    tasks.add_parser("demo", help="run `musearoo demo`; what follows goes to it", add_help=False)
    tasks.add_parser("test", help="run the tests; what follows goes to pytest", add_help=False)
    tasks.add_parser("soak", help="run the long soak and fuzz tests; what follows goes to pytest", add_help=False)
    tasks.add_parser("check", help="run every check that CI runs", allow_abbrev=False)
    lock = tasks.add_parser("lock", help="make the locks anew from pyproject.toml", allow_abbrev=False)
    lock.add_argument("--check", action="store_true", help="only say whether they agree with it; needs no network")
    return parser


def _parse_groups(text: str) -> tuple[str, ...]:
    groups = tuple(part.strip() for part in text.split(",") if part.strip())
    for group in groups:
        if group not in OPTIONAL:
            raise argparse.ArgumentTypeError(f"no group is called {group!r}; there are {', '.join(OPTIONAL)}")
    return groups


@dataclass(frozen=True, slots=True)
class Tasks:
    root: Path
    processes: Processes
    say: Callable[[str], None] = tell

    def run(self, argv: Sequence[str]) -> int:
        """The exit status of the task that the words name. Raises SetupError when the machine is in the way."""
        passes_on = bool(argv) and argv[0] in PASSING_ON
        options = make_parser().parse_args(argv[:1] if passes_on else argv)
        match options.task:
            case "setup":
                return self._set_up(options)
            case "demo":
                environment = self._environment()
                environment.ensure(("simulator", "voice"))
                return self.processes.call([str(environment.program("musearoo")), "demo", *argv[1:]])
            case "test":
                return self._test(argv[1:])
            case "soak":
                return self._test(["-m", "long", "--durations=10", *argv[1:]])
            case "check":
                return self._check()
            case _:
                return self._check_locks() if options.check else self._lock()

    def _environment(self, torch_index: str = "") -> Environment:
        return Environment(self.root, self.processes, self.say, torch_index)

    def _set_up(self, options: argparse.Namespace) -> int:
        environment = self._environment(options.torch_index)
        if options.fresh:
            environment.remove()
        environment.ensure(("dev", *options.groups), options.python)
        self.say("Ready. Next: python3 tools/dev.py demo")
        return 0

    def _test(self, words: Sequence[str]) -> int:
        environment = self._environment()
        environment.ensure(available(TESTED))
        # The tests start hundreds of Python processes: without bytecode each would compile what it imports.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        names_tests = any((self.root / word.partition("::")[0]).exists() for word in words)
        if not names_tests and "-n" not in words:
            words = [*spread_tests(os.cpu_count() or 1), *words]
        return self.processes.call([str(environment.program("python")), "-m", "pytest", *words], self.root)

    def _check(self) -> int:
        environment = self._environment()
        environment.ensure(("dev", "server", "simulator"))
        link_folders(self.root, environment.folder)
        failed = run_checks(self.root, environment.program("python"), self.processes, self.say)
        self.say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
        return 1 if failed else 0

    def _lock(self) -> int:
        for path in write_locks(self.root, self.processes):
            self.say(f"Wrote {path.as_posix()}")
        return 0

    def _check_locks(self) -> int:
        problems = find_disagreements(self.root)
        for problem in problems:
            self.say(problem)
        if problems:
            self.say("Mend them with: python3 tools/dev.py lock")
        return 1 if problems else 0


def main(argv: Sequence[str], tasks: Tasks | None = None) -> int:
    """The exit status: 0 when the task succeeded, 1 when it failed, 2 on wrong usage."""
    try:
        return (tasks or Tasks(ROOT, MachineProcesses())).run(argv)
    except SetupError as error:
        print(f"tools/dev.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
