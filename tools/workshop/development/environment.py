"""The project's own environment, `.venv`: made from the locks when it is first needed, mended when it is half made.

A stamp in it says what is installed, by the digests of the locks; when these still agree nothing is run at all, so the
second start costs nothing. The stamp also says what was under way: a group that was interrupted is installed anew.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from musearoo.tools.workshop.development.failures import SetupError, explain, last_lines
from musearoo.tools.workshop.development.links import link_folders
from musearoo.tools.workshop.development.locks import find_lock, read_pins
from musearoo.tools.workshop.development.processes import Processes, tell

SUPPORTED = ("3.11", "3.12")


@dataclass(frozen=True, slots=True)
class Step:
    lock: str
    # Said when the step fails though its group still works without it; empty where the step must succeed.
    spare: str = ""
    # Large downloads show pip's own progress.
    large: bool = False


GROUPS: dict[str, tuple[Step, ...]] = {
    "core": (Step("build"), Step("core")),
    "dev": (Step("dev"),),
    "midi": (Step("midi", spare="python-rtmidi could not be built; all but MIDI ports works without it"),),
    "voice": (
        Step(
            "voice", spare="pocketsphinx could not be built (it needs a C compiler here); all but Talk works without it"
        ),
        Step("moonshine", spare="Moonshine has no build for this machine; Talk understands less by PocketSphinx alone"),
    ),
    "analysis": (
        Step("analysis", large=True),
        Step("madmom", spare="madmom could not be built (it needs a C compiler); the fast analysis works without it"),
    ),
    "server": (Step("server"),),
    "simulator": (Step("simulator"),),
    "stems": (Step("torch", large=True), Step("stems", large=True)),
    "models": (Step("torch", large=True), Step("models", large=True)),
    "audiocraft": (Step("torch", large=True), Step("torchaudio", large=True), Step("audiocraft", large=True)),
}
OPTIONAL = ("midi", "voice", "analysis", "server", "simulator", "stems", "models", "audiocraft")

# Under way while the environment itself is being made, beside the groups.
_ENVIRONMENT = "environment"

# torch and numba publish nothing for Intel Macs any more.
_NOT_ON_INTEL_MACS = ("analysis", "stems", "models", "audiocraft")


@dataclass(frozen=True, slots=True)
class Stamp:
    python: str = ""
    # Console scripts carry the folder's path, so an environment does not survive a move.
    root: str = ""
    project: str = ""
    groups: dict[str, str] = field(default_factory=dict)
    under_way: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    root: Path
    processes: Processes
    say: Callable[[str], None] = tell
    # What pip installs torch from; empty for what pip itself is set to.
    torch_index: str = ""

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def _stamp_file(self) -> Path:
        return self.folder / "musearoo.json"

    def program(self, name: str) -> Path:
        """Where a program of the environment lies."""
        return self.folder / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")

    def ensure(self, groups: Sequence[str], base_python: str | None = None) -> None:
        """Makes or mends the environment so that it holds these groups, and core; raises SetupError."""
        wanted = tuple(dict.fromkeys(("core", *groups)))
        stamp = self.read_stamp()
        if stamp is None or not self._stands(stamp, base_python):
            stamp = self._make(base_python or sys.executable)
        for group in wanted:
            if group in stamp.under_way or stamp.groups.get(group) != digest_group(self.root, group):
                stamp = self._install(group, stamp)
        project = digest_project(self.root)
        if stamp.project != project:
            self._install_project()
            self._write_stamp(replace(stamp, project=project))

    def remove(self) -> None:
        """Deletes the environment; one that somebody else made is left alone."""
        if not self.folder.exists():
            return
        if any(self.folder.iterdir()) and not self._stamp_file.is_file():
            raise SetupError(f"{self.folder} was not made by tools/dev.py: move it away and run this again.")
        try:
            shutil.rmtree(self.folder)
        except OSError as error:
            raise SetupError(f"{self.folder} cannot be removed: {explain(str(error))}") from error

    def read_stamp(self) -> Stamp | None:
        """What the environment says of itself, or None when it says nothing that can be read."""
        try:
            found = json.loads(self._stamp_file.read_text(encoding="utf-8"))
            return Stamp(**{**found, "under_way": tuple(found["under_way"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _stands(self, stamp: Stamp, base_python: str | None) -> bool:
        """Whether the environment can be kept. Its Python goes when the system's is upgraded."""
        if _ENVIRONMENT in stamp.under_way or stamp.root != str(self.root) or not self.program("python").exists():
            return False
        return base_python is None or stamp.python == self._ask_version(base_python)

    def _make(self, base_python: str) -> Stamp:
        version = self._ask_version(base_python)
        self.remove()
        self.say(f"Making .venv with Python {version}")
        stamp = Stamp(python=version, root=str(self.root), under_way=(_ENVIRONMENT,))
        self._write_stamp(stamp)
        self._run([base_python, "-m", "venv", str(self.folder)], "the environment cannot be made")
        stamp = replace(stamp, under_way=())
        self._write_stamp(stamp)
        return stamp

    def _ask_version(self, python: str) -> str:
        """The version of a Python, when it is one that MuseAroo runs on."""
        ask = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
        try:
            version = self._run([python, "-c", ask], f"{python} does not start").strip()
        except OSError as error:
            raise SetupError(f"{python} does not start: name a Python 3.11 or 3.12.") from error
        if version not in SUPPORTED:
            raise SetupError(f"{python} is Python {version}: name a Python 3.11 or 3.12.")
        return version

    def _install(self, group: str, stamp: Stamp) -> Stamp:
        if not available((group,)):
            raise SetupError(f"{group} cannot be installed on Intel Macs: torch and numba publish nothing for them.")
        # What was interrupted may look complete to pip and yet miss files.
        again = ["--force-reinstall"] if group in stamp.under_way else []
        stamp = replace(stamp, under_way=tuple(dict.fromkeys((*stamp.under_way, group))))
        self._write_stamp(stamp)
        for step in GROUPS[group]:
            self.say(f"Installing {group}: {find_lock(step.lock).purpose}")
            try:
                self._install_step(step, again)
            except SetupError as error:
                if not step.spare:
                    raise
                self.say(f"{step.spare}.\n{error}")
        digests = {**stamp.groups, group: digest_group(self.root, group)}
        stamp = replace(stamp, groups=digests, under_way=tuple(name for name in stamp.under_way if name != group))
        self._write_stamp(stamp)
        return stamp

    def _install_step(self, step: Step, again: list[str]) -> None:
        lock = find_lock(step.lock)
        failed = f"{lock.path.as_posix()} cannot be installed"
        if lock.hashed:
            # Nothing is built with packages from elsewhere: what builds is in the first lock.
            options = [
                "--require-hashes",
                "--no-deps",
                "--no-build-isolation",
                *again,
                "-r",
                str(self.root / lock.path),
            ]
            self._pip(options, failed, progress=step.large)
            return
        # torch brings the CUDA libraries that its build wants; all else is held to the versions of the locks.
        others = [find_lock(name) for name in ("build", "core", "torch", "models", "audiocraft")]
        held = {f"{pin.package}=={pin.version}" for other in others for pin in read_pins(self.root, other)}
        with tempfile.TemporaryDirectory(prefix="musearoo-") as name:
            constraints = Path(name) / "versions.txt"
            constraints.write_text("\n".join(sorted(held)), encoding="utf-8")
            index = ["--index-url", self.torch_index] if self.torch_index else []
            options = [*index, *again, "-c", str(constraints), "-r", str(self.root / lock.path)]
            self._pip(options, failed, progress=step.large)
        if step.lock == "torchaudio":
            self._mend_torchaudio()

    def _mend_torchaudio(self) -> None:
        """Takes the compiled part out of a torchaudio that was built for another torch; its Python part needs none.

        The public index has torchaudio for CUDA only, on Linux; beside a torch for the CPU it refuses to load.
        """
        python = str(self.program("python"))
        if self.processes.capture([python, "-c", "import torchaudio"], self.root).status == 0:
            return
        self._run([python, "-c", "import torch"], "torch does not load")
        for library in self.folder.rglob("torchaudio/lib/*"):
            if library.suffix in (".so", ".pyd", ".dll", ".dylib"):
                library.unlink()
        self._run([python, "-c", "import torchaudio"], "torchaudio does not load")
        self.say("torchaudio's compiled part is for another build of torch and was left out; nothing here needs it")

    def _install_project(self) -> None:
        self._pip(["--no-deps", "--no-build-isolation", "-e", str(self.root)], "MuseAroo itself cannot be installed")
        link_folders(self.root, self.folder)

    def _pip(self, options: list[str], failed: str, *, progress: bool = False) -> None:
        quiet = [] if progress else ["--quiet"]
        command = [str(self.program("python")), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        self._run([*command, *quiet, *options], failed, progress=progress)

    def _run(self, command: list[str], failed: str, *, progress: bool = False) -> str:
        outcome = self.processes.capture(command, self.root, progress=progress)
        if outcome.status != 0:
            raise SetupError(f"{failed}: {explain(outcome.output)}\n{last_lines(outcome.output)}")
        return outcome.output

    def _write_stamp(self, stamp: Stamp) -> None:
        fields = {name: getattr(stamp, name) for name in Stamp.__slots__}
        try:
            self.folder.mkdir(exist_ok=True)
            self._stamp_file.write_text(json.dumps(fields, indent=1), encoding="utf-8")
        except OSError as error:
            raise SetupError(f"{self.folder} cannot be written: {explain(str(error))}") from error


def available(groups: Sequence[str]) -> tuple[str, ...]:
    """Those of the groups that this kind of machine can have."""
    intel_mac = (sys.platform, platform.machine()) == ("darwin", "x86_64")
    return tuple(group for group in groups if not (intel_mac and group in _NOT_ON_INTEL_MACS))


def digest_group(root: Path, group: str) -> str:
    """The digest of a group's locks: it changes when any pin does, and not with what else is said in them."""
    digest = hashlib.sha256()
    for step in GROUPS[group]:
        try:
            text = (root / find_lock(step.lock).path).read_text(encoding="utf-8")
            digest.update(re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).encode())
        except OSError as error:
            raise SetupError(f"{find_lock(step.lock).path.as_posix()} is missing: fetch the project anew.") from error
    return digest.hexdigest()


def digest_project(root: Path) -> str:
    """The digest of what an installation records of pyproject.toml: commands, packages, metadata."""
    tables = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    recorded = [tables.get("build-system"), tables.get("project"), tables.get("tool", {}).get("setuptools")]
    return hashlib.sha256(json.dumps(recorded, sort_keys=True).encode()).hexdigest()
