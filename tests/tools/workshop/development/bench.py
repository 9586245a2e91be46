"""A project of two files and programs that only say what they were asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from musearoo.tools.workshop.development.environment import Environment
from musearoo.tools.workshop.development.locks import LOCKS, Pin, digest_inputs, format_lock
from musearoo.tools.workshop.development.processes import Outcome

PYPROJECT = """
[project]
name = "musearoo"
version = "0.1.0"
requires-python = ">=3.11,<3.13"
dependencies = ["rich>=14"]
"""


@dataclass(slots=True)
class RecordingProcesses:
    """Implements `Processes`: making an environment leaves its program behind, all else only answers."""

    version: str = "3.11"
    # Words of a command, and how the commands that hold them end.
    answers: dict[str, Outcome] = field(default_factory=dict)
    commands: list[tuple[str, ...]] = field(default_factory=list)
    status: int = 0

    def capture(self, command: Sequence[str], folder: Path, *, progress: bool = False) -> Outcome:
        self.commands.append(tuple(command))
        for words, outcome in self.answers.items():
            if words in " ".join(command):
                return outcome
        if "venv" in command:
            for name in ("bin/python", "Scripts/python.exe"):
                program = Path(command[-1]) / name
                program.parent.mkdir(parents=True, exist_ok=True)
                program.touch()
        return Outcome(0, self.version if any("version_info" in part for part in command) else "")

    def call(self, command: Sequence[str], folder: Path | None = None) -> int:
        self.commands.append(tuple(command))
        return self.status

    def installed(self) -> list[str]:
        """The locks that pip was given, in order, and `project` for the project itself."""
        pip = [command for command in self.commands if "install" in command]
        return ["project" if "-e" in command else Path(command[-1]).stem for command in pip]


def make_project(root: Path) -> Path:
    """A folder with a pyproject.toml and locks that agree with it."""
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    for lock in LOCKS:
        write_lock(root, lock.name, "1.0")
    return root


def write_lock(root: Path, name: str, version: str) -> None:
    """A lock that pins one package to a version."""
    lock = next(lock for lock in LOCKS if lock.name == name)
    hashes = (f"sha256:{'0' * 64}",) if lock.hashed else ()
    pin = Pin(lock.only[0] if lock.only else "rich", version, "", hashes)
    (root / lock.path).parent.mkdir(parents=True, exist_ok=True)
    (root / lock.path).write_text(format_lock(lock, [pin], digest_inputs(PYPROJECT)), encoding="utf-8")


def make_environment(root: Path, processes: RecordingProcesses) -> Environment:
    """An environment of that project, with words that nobody reads."""
    return Environment(root, processes, say=lambda _: None)
