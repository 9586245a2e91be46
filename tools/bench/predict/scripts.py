"""The scripted sessions: what a producer does, step by step. `sessions/README.md` has the format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

SESSIONS: Final = Path(__file__).parent / "sessions"
HALVES: Final = ("tuned", "unseen")

PLAYERS: Final = {
    "drums": "drummaroo",
    "bass": "bassaroo",
    "harmony": "harmonyroo",
    "melody": "melodyroo",
    "atmos": "atmosroo",
    "band": "band",
}
CHANGES: Final = ("again", "busier", "simpler")


class Step(NamedTuple):
    """A step of a session: the pause before it in seconds, what is done, and with what."""

    pause: float
    verb: str
    what: str = ""


class Script(NamedTuple):
    """A session: its file's name, and its steps."""

    name: str
    steps: tuple[Step, ...]


def read_scripts(half: str) -> tuple[Script, ...]:
    """Return the sessions of a half, in the order of their names. Raises ValueError for a line that is no step."""
    return tuple(Script(file.stem, _read_steps(file)) for file in sorted((SESSIONS / half).glob("*.txt")))


def _read_steps(file: Path) -> tuple[Step, ...]:
    lines: Sequence[str] = file.read_text(encoding="utf-8").splitlines()
    numbered = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    return tuple(read_step(line, f"{file.name}:{number}") for number, line in numbered if line and line[0] != "#")


def read_step(line: str, where: str = "") -> Step:
    """Return the step of a line; raises ValueError with `where` it stands.

    >>> read_step('12.5 say "make it darker"')
    Step(pause=12.5, verb='say', what='make it darker')
    """
    pause, _, rest = line.partition(" ")
    verb, _, what = rest.strip().partition(" ")
    if not pause.replace(".", "", 1).isdecimal() or not verb:
        raise ValueError(f"{where}: {line!r} is no step: write the pause in seconds, then what is done.")
    return Step(float(pause), verb, what.strip().strip('"'))
