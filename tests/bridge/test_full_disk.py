"""Commands on a disk that takes nothing: status 1, one true sentence, what was there as it was, and no draft."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from musearoo.bridge.copilot.preferences_file import write_preferences
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.preferences import NO_PREFERENCES, learn
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows limits no file's size")

LEARNT = learn(NO_PREFERENCES, SetAction(intent=Intent.PLAY, parts=("bass",), style="funk"), liked=True)


def run_full(home: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """A command whose every write into a file fails at the system call."""
    import resource

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    return subprocess.run(
        [sys.executable, "-B", "-m", "musearoo", *arguments],
        env={**os.environ, HOME_VARIABLE: str(home)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=fill,
        timeout=120,
    )


def contents(*folders: Path) -> dict[str, bytes]:
    """Every file with what is in it, but for locks, which hold nothing."""
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path): path.read_bytes() for path in found}


def run_here(home: Path, arguments: list[str]) -> None:
    """The same command with room on the disk: what a later one is to leave as it is."""
    surroundings = {**os.environ, HOME_VARIABLE: str(home)}
    subprocess.run([sys.executable, "-m", "musearoo", *arguments], env=surroundings, check=True, capture_output=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home and a folder with what the commands read, and what they wrote before."""
    folder = tmp_path_factory.mktemp("disk")
    for name in ("home", "out", "library", "midi"):
        (folder / name).mkdir()
    write_wave(folder / "Band.wav", render_parts(play_band(), BPM, loop=True))
    write_preferences(folder / "home", LEARNT)
    run_here(folder / "home", ["song", "--style=funk", "--seconds=60", "--seed=1", f"--out={folder / 'midi'}"])
    (folder / "out" / "take.mid").write_bytes((folder / "midi" / "bass.mid").read_bytes())
    return folder


COMMANDS: dict[str, Callable[[Path], list[str]]] = {
    "generate": lambda at: ["generate", "bass", "--bars=1", f"--out={at / 'out' / 'take.mid'}"],
    "refine": lambda at: [
        "refine",
        str(at / "midi" / "bass.mid"),
        "--change=busier",
        f"--out={at / 'out' / 'take.mid'}",
    ],
    "song": lambda at: ["song", "--style=funk", "--seconds=15", f"--out={at / 'midi'}"],
    "song --wav": lambda at: ["song", "--style=funk", "--seconds=15", "--wav", f"--out={at / 'midi'}"],
    "analyze --plot": lambda at: ["analyze", str(at / "midi" / "bass.mid"), f"--plot={at / 'out' / 'a.svg'}"],
    "split": lambda at: ["split", str(at / "Band.wav"), "--backend=dsp", f"--out={at / 'out'}"],
    "imagine": lambda at: ["imagine", "slow funk", "--backend=sketch", "--bars=1", f"--out={at / 'out' / 'a.wav'}"],
    "learn": lambda at: ["learn", str(at / "midi"), "--name=mine"],
    "learn --out": lambda at: ["learn", str(at / "midi"), "--name=mine", f"--out={at / 'out' / 'mine.yaml'}"],
    "preferences": lambda _: ["preferences", "--forget", "bass"],
    "install": lambda at: ["install", f"--user-library={at / 'library'}"],
    "run": lambda _: ["run"],
}

SHORT_RUN = ("generate", "song --wav", "split", "preferences", "install", "run")
"""Commands that every run tries; the others need `-m long`."""


@pytest.mark.parametrize(
    "command", [pytest.param(name, marks=() if name in SHORT_RUN else pytest.mark.long) for name in COMMANDS]
)
def test_a_command_that_cannot_write_fails_and_changes_nothing(folder: Path, command: str) -> None:
    before = contents(folder)
    done = run_full(folder / "home", COMMANDS[command](folder))
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.startswith("musearoo: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert contents(folder) == before


def test_installing_over_an_older_version_leaves_that_where_the_disk_is_full(folder: Path) -> None:
    library = folder / "old library"
    library.mkdir()
    run_here(folder / "home", ["install", f"--user-library={library}"])
    (library / "Remote Scripts" / "MuseAroo" / "surface.py").write_text("an older one")
    before = contents(library)
    done = run_full(folder / "home", ["install", f"--user-library={library}"])
    assert done.returncode == 1
    assert "File too large. Free some space, then do it again." in done.stderr
    assert contents(library) == before


def test_a_result_that_cannot_be_shown_is_a_failure(folder: Path) -> None:
    with Path("/dev/full").open("wb") as nowhere:
        done = subprocess.run(
            [sys.executable, "-m", "musearoo", "styles", "--json"],
            env={**os.environ, HOME_VARIABLE: str(folder / "home")},
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "musearoo: The result cannot be written: No space left on device.\n"
