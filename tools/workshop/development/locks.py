"""The locks: which there are, how one is read and written, and whether they agree with pyproject.toml.

A lock pins every package that a group needs, with the hashes of all the files that may be installed for it. It carries
no addresses: pip finds the files wherever it is told to look, and the hashes decide whether they are the right ones.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("tools/workshop/locks")

# These come in builds for each kind of GPU, with hashes of their own, and bring their CUDA libraries with them.
_TORCH = re.compile(r"torch|torchaudio|triton|nvidia-.+|cuda-.+")


@dataclass(frozen=True, slots=True)
class Lock:
    name: str
    purpose: str
    # What of pyproject.toml it covers, in the words of `uv export`.
    selection: tuple[str, ...]
    # Only these packages, for a step of its own; empty for all.
    only: tuple[str, ...] = ()
    hashed: bool = True

    @property
    def path(self) -> Path:
        """Where it lies, from the project's folder."""
        return FOLDER / f"{self.name}.txt"

    def holds(self, package: str) -> bool:
        """Whether this lock, rather than a step of another, is where the package belongs."""
        return package in self.only if self.only else not _TORCH.fullmatch(package)


LOCKS: tuple[Lock, ...] = (
    Lock("build", "what builds packages that come as source", ("--only-group", "build")),
    Lock("core", "what the daemon runs on", ("--no-default-groups",)),
    Lock("dev", "tests and checks", ("--only-group", "dev")),
    Lock("midi", "MIDI ports and sound cards", ("--no-default-groups", "--extra", "midi")),
    Lock("voice", "the microphone, and what understands speech", ("--no-default-groups", "--extra", "sphinx")),
    Lock("moonshine", "the better ear of Talk, with its model", ("--no-default-groups", "--extra", "voice")),
    Lock("analysis", "plots, and the peers of the analysis bench", ("--no-default-groups", "--extra", "analysis")),
    Lock("server", "the server: REST, WebSocket and the store", ("--no-default-groups", "--extra", "server")),
    Lock("simulator", "the simulated Max: the device without Max", ("--no-default-groups", "--extra", "simulator")),
    Lock("madmom", "the networks that the deep pass of hearing reads", ("--only-group", "madmom"), only=("madmom",)),
    Lock(
        "torch",
        "torch by version only: each GPU has a build of its own, with hashes of its own",
        ("--no-default-groups", "--extra", "stems"),
        only=("torch",),
        hashed=False,
    ),
    Lock(
        "torchaudio",
        "torchaudio, in torch's builds",
        ("--only-group", "audiocraft"),
        only=("torchaudio",),
        hashed=False,
    ),
    Lock("stems", "Demucs; installed after torch", ("--no-default-groups", "--extra", "stems")),
    Lock("models", "MusicGen and Demucs; installed after torch", ("--no-default-groups", "--extra", "models")),
    Lock("audiocraft", "audiocraft, which MusicGen is held against", ("--only-group", "audiocraft")),
)


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    package: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def find_lock(name: str) -> Lock:
    """The lock of that name."""
    return next(lock for lock in LOCKS if lock.name == name)


def digest_inputs(pyproject: str) -> str:
    """The digest of what the locks are made from: a change of anything else in pyproject.toml leaves them valid.

    >>> digest_inputs('[project]\\nname = "a"') == digest_inputs('[project]\\nname = "b"')
    True
    """
    tables = tomllib.loads(pyproject)
    project = tables.get("project", {})
    wanted = [
        [project.get(key) for key in ("requires-python", "dependencies", "optional-dependencies")],
        tables.get("dependency-groups"),
        tables.get("tool", {}).get("uv"),
        [(lock.name, lock.selection, lock.only, lock.hashed) for lock in LOCKS],
    ]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True, default=str).encode()).hexdigest()


def parse_pins(text: str) -> tuple[Pin, ...]:
    """The pins of a requirements text, sorted. Raises ValueError on a line that is neither pin, hash nor comment.

    >>> parse_pins("rich==15.0.0 ; os_name == 'nt' \\\\\\n    --hash=sha256:" + "0" * 64)[0].marker
    "os_name == 'nt'"
    """
    pins: list[Pin] = []
    for statement in re.sub(r"\\\n", " ", text).splitlines():
        line = statement.split("#")[0].strip()
        if not line:
            continue
        found = re.fullmatch(r"([a-z0-9-]+)==(\S+)(?: ; (.+?))?((?:\s+--hash=sha256:[0-9a-f]{64})*)", line)
        if not found:
            raise ValueError(f"not a pinned package with hashes: {line[:80]!r}")
        package, version, marker, hashes = found.groups(default="")
        pins.append(Pin(package, version, marker.strip(), tuple(sorted(re.findall(r"sha256:\w+", hashes)))))
    return tuple(sorted(pins))


def format_lock(lock: Lock, pins: Iterable[Pin], digest: str) -> str:
    """The text of a lock file; `parse_pins` reads it back."""
    lines = [
        f"# {lock.name}: {lock.purpose}.",
        "# Written by `python3 tools/dev.py lock` from pyproject.toml; do not edit.",
        f"# inputs: {digest}",
    ]
    for pin in sorted(pins):
        head = f"{pin.package}=={pin.version}" + (f" ; {pin.marker}" if pin.marker else "")
        hashes = [f"    --hash={value}" for value in pin.hashes] if lock.hashed else []
        lines.append(" \\\n".join([head, *hashes]))
    return "\n".join(lines) + "\n"


def read_pins(root: Path, lock: Lock) -> tuple[Pin, ...]:
    """The pins of a lock in the project's folder."""
    return parse_pins((root / lock.path).read_text(encoding="utf-8"))


def find_disagreements(root: Path) -> tuple[str, ...]:
    """What is wrong with the locks, one sentence each; nothing is fetched."""
    digest = digest_inputs((root / "pyproject.toml").read_text(encoding="utf-8"))
    problems: list[str] = []
    versions: dict[tuple[str, str], tuple[str, Lock]] = {}
    for lock in LOCKS:
        where = lock.path.as_posix()
        if not (root / lock.path).is_file():
            problems.append(f"{where} is missing")
            continue
        text = (root / lock.path).read_text(encoding="utf-8")
        if f"# inputs: {digest}\n" not in text:
            problems.append(f"{where} was made from another pyproject.toml")
        try:
            pins = parse_pins(text)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        if text != format_lock(lock, pins, digest) and f"# inputs: {digest}\n" in text:
            problems.append(f"{where} was edited by hand")
        for pin in pins:
            if bool(pin.hashes) != lock.hashed:
                problems.append(f"{where}: {pin.package} has {'no hash' if lock.hashed else 'a hash'}")
            if not lock.holds(pin.package):
                problems.append(f"{where}: {pin.package} belongs to another lock")
            version, other = versions.setdefault((pin.package, pin.marker), (pin.version, lock))
            if version != pin.version:
                problems.append(f"{where}: {pin.package} is {pin.version}, but {version} in {other.path.as_posix()}")
    stray = {path.name for path in (root / FOLDER).glob("*.txt")} - {lock.path.name for lock in LOCKS}
    problems.extend(f"{(FOLDER / name).as_posix()} is no lock that there is" for name in sorted(stray))
    return tuple(problems)
