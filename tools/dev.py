"""Sets MuseAroo up and runs its tasks; `python3 tools/dev.py --help` lists them.

This file runs on Python 3.6 and later: where the one that started it is not supported, it looks for one that is and
hands over. Everything else lies in `tools/workshop/development/`.
"""

import os
import shutil
import subprocess
import sys

# madmom and audiocraft build for nothing newer, and the code uses what 3.11 brought.
SUPPORTED = ((3, 12), (3, 11))
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def find_supported_python() -> "list[str] | None":
    """The command of a supported Python on this machine, the newest first, or None."""
    for major, minor in SUPPORTED:
        # `py` is the launcher that comes with Python for Windows.
        for name, *options in ([f"python{major}.{minor}"], ["py", f"-{major}.{minor}"]):
            program = shutil.which(name)
            if program and _answers([program, *options], (major, minor)):
                return [program, *options]
    return None


def _answers(command: "list[str]", version: "tuple[int, int]") -> bool:
    """Whether the command starts that very Python: version managers leave commands behind that start nothing."""
    ask = [*command, "-c", "import sys; print(list(sys.version_info[:2]))"]
    try:
        answer = subprocess.check_output(ask, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.decode().strip() == str(list(version))


def main(argv: "list[str]") -> int:
    """The exit status: of the task, or 1 when no supported Python is here."""
    if sys.version_info[:2] in SUPPORTED:
        sys.path[0] = ROOT
        from musearoo.tools.workshop.development.commands import main as run_task

        return run_task(argv)
    command = find_supported_python()
    if command is None:
        here = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(
            f"MuseAroo needs Python 3.11 or 3.12, and this is {here}: install one of them, from python.org or with "
            "your system's packages, and run this again.\n"
        )
        return 1
    return subprocess.call([*command, os.path.abspath(__file__), *argv])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
