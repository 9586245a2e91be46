"""Nothing leaves the machine, and files are written only where they belong: each command, by its system calls."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from musearoo.bridge.cli import make_parser
from musearoo.bridge.settings.config_files import HOME_VARIABLE, ConfigFolder
from musearoo.bridge.settings.library_environment import CACHES, OFFLINE, SILENT
from musearoo.tools.bench.midi import jack
from tests.architecture.imports import ROOT
from tests.optional import needs
from tests.path.system_calls import HAS_STRACE, Seen, watch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs are stopped by signals here")
needs_strace = pytest.mark.skipif(not HAS_STRACE, reason="needs strace")

SENTENCE = ROOT / "tools" / "demo" / "sentence.flac"
SONG = "song.mid"

FETCHING = """
import json, os, sys
from musearoo.bridge.cli import main
from tests.bridge.models.hub_server import HubServer, serve_hub
from tests.bridge.models.model_samples import transformers_files
with serve_hub(HubServer("google-t5/t5-base", transformers_files("t5"))) as hub:
    os.environ.update(HF_ENDPOINT=hub.address, NO_PROXY="*")
    status = main(["models", "fetch", "t5-base", "--accept-licence"])
print(json.dumps([[asked.path, asked.agent] for asked in hub.asked]))
sys.exit(status)
"""
"""Fetches from a hub on this machine, which tells what it was asked."""

BROWSING = """
import sys, webbrowser
from pathlib import Path
from musearoo.bridge.cli import main
webbrowser.open = lambda link: bool(Path("out", "opened").write_text(link))
sys.exit(main(sys.argv[1:]))
"""
"""Has no browser but a file."""

SYSTEMS_OWN = re.compile(
    r"/dev/(null|tty|ptmx|pts/\d+|snd/.*)$|/proc/"
    # Memory that processes share, ours and that of the sound server.
    r"|/dev/shm/(musearoo-|pym-|sem\.|jack)"
)
"""What is written to that is no file."""


@dataclass(frozen=True, slots=True)
class Case:
    """A command line. It may write to `out` and `library` beside MuseAroo's folder; all else would be a stray file."""

    words: str
    marks: tuple[pytest.MarkDecorator, ...] = ()
    status: int = 0
    has_own_home: bool = False


LONG = pytest.mark.long
SERVES = needs("fastapi", "sqlalchemy", "uvicorn")
LISTENS = needs("moonshine_voice", "onnxruntime", "pocketsphinx")

# A run without `-m long` watches each kind of work once. Benches run in their smallest form there.
CASES = (
    Case("run", has_own_home=True),
    Case("demo --out out", (LONG, LISTENS, needs("dukpy")), has_own_home=True),
    Case("install --user-library library"),
    Case("doctor --user-library library"),
    Case("uninstall --user-library library"),
    Case(f"analyze {SENTENCE} {SONG}"),
    Case(f"analyze {SENTENCE} --plot out/plot.png", (needs("matplotlib"),)),
    Case(f"analyze {SENTENCE} --deep", (LONG, needs("madmom"))),
    Case("generate drums --style funk --bars 4 --seed 7 --out out/groove.mid"),
    Case(f"refine {SONG} --change busier --out out/busier.mid"),
    Case("song --style house --seconds 15 --out out/song"),
    Case("song --style house --seconds 15 --out out/song --wav --png", (LONG, needs("matplotlib"))),
    Case(f"split {SENTENCE} --backend dsp --out out/stems"),
    Case(f"split {SENTENCE} --backend demucs --out out/stems", (LONG, needs("demucs", "torch"))),
    Case("ambient --preset glass --seconds 2 --seed 5 --out out/glass.flac"),
    Case("imagine bass --bars 1 --seed 5 --backend sketch --out out/sketch.wav"),
    Case("imagine bass --bars 1 --seed 5 --backend musicgen --out out/bass.wav", (needs("transformers", "torch"),)),
    Case("say give me a funk bass"),
    Case("say --do undo", status=1),
    Case(f"listen {SENTENCE}", (LISTENS,)),
    Case("midi ports", (LONG, needs("rtmidi"))),
    Case("midi monitor --seconds 1", (LONG, needs("rtmidi"))),
    Case("midi jam --seconds 1", (needs("rtmidi"),)),
    Case("midi capture --seconds 1 --out out/played.mid", (LONG, needs("rtmidi")), status=1),
    Case("preferences", (LONG,)),
    Case("preferences --forget", (LONG,)),
    Case("repo init Song"),
    Case("repo list", (LONG,)),
    Case("repo commit", (LONG,), status=1),
    Case("repo log"),
    Case("repo show", (LONG,), status=1),
    Case("repo diff", (LONG,), status=1),
    Case("repo checkout yesterday", (LONG,), status=1),
    Case("repo branch house", (LONG,)),
    Case("repo tag demo", (LONG,), status=1),
    Case("repo fork House", (LONG,), status=1),
    Case("repo merge house", (LONG,), status=1),
    Case("repo push out/stick", (LONG,)),
    Case("repo pull out/stick", (LONG,)),
    Case("repo clone out/nowhere", (LONG,), status=1),
    Case("repo export out/song.musearoo"),
    Case("repo import out/song.musearoo", (LONG,)),
    Case("repo gc", (LONG,)),
    Case("repo fsck", (LONG,)),
    Case("cache list", (LONG,)),
    Case("cache clear", (LONG,)),
    Case("learn folder --name mine"),
    Case("serve --port 0", (SERVES,), has_own_home=True),
    Case("page --port 0", (SERVES,), has_own_home=True),
    Case("db upgrade", (SERVES,), has_own_home=True),
    Case("db status", (LONG, SERVES), has_own_home=True, status=1),
    Case("db backup out/store.zip", (LONG, SERVES), has_own_home=True, status=1),
    Case("db restore out/store.zip --yes", (LONG, SERVES), has_own_home=True, status=1),
    Case("db move sqlite:///out/other.db", (LONG, SERVES), has_own_home=True, status=1),
    Case("db sweep --keep-days 1", (LONG, SERVES), has_own_home=True, status=1),
    Case("users list", (LONG, SERVES), has_own_home=True),
    Case("users add ada --no-password", (LONG, SERVES), has_own_home=True),
    Case("users password ada", (LONG, SERVES), has_own_home=True, status=1),
    Case("users export local --out out/local.json", (LONG, SERVES), has_own_home=True),
    Case("users remove ada --yes", (LONG, SERVES), has_own_home=True, status=1),
    Case("tokens list", (LONG, SERVES), has_own_home=True),
    Case("tokens add phone", (LONG, SERVES), has_own_home=True),
    Case("tokens revoke phone", (LONG, SERVES), has_own_home=True, status=1),
    Case("top --url http://127.0.0.1:9/metrics", (LONG,), status=1),
    Case("models list", (LONG,)),
    Case("models fetch", (needs("huggingface_hub"),)),
    Case("models verify", (LONG,)),
    Case("models remove t5-base --yes", (LONG,)),
    Case("engines", (LONG,)),
    Case("styles", (LONG,)),
    Case("bench latency --help"),
    Case("bench latency --presses 1", (LONG,)),
    Case("bench ambient --only speed --presets glass --seconds 2", (LONG,)),
    Case("bench scale --help"),
    Case("bench page --help"),
    Case("bench predict --half tuned --sessions 1", (LONG,)),
    Case("bench device --presses 2 --clicks 1", (LONG, needs("dukpy"))),
    Case("bench api --quick --only sizes", (LONG, SERVES)),
    Case("bench load --quick --only users", (LONG, SERVES)),
    Case("bench analysis --limit 1 --no-times", (LONG, needs("librosa", "madmom"))),
    Case("bench engines --only speed --takes 2 --styles funk", (LONG,)),
    Case("bench sounds --profiles 12.3.6 --editions Intro --styles house", (LONG,)),
    Case("bench versions --seconds 1 --versions 2 --commits 2 --times 1", (LONG,)),
    Case("bench stems --quick --minutes 1", (LONG, needs("demucs", "torch"))),
    Case("bench musicgen --quick --only steps codec sound", (LONG, needs("audiocraft", "transformers", "torch"))),
    Case("bench voice --only ending --sentences 1 --no-peer", (LONG, needs("onnxruntime"))),
    Case("bench midi --only jam", (LONG, needs("rtmidi"))),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command runs: in `folder`, which has what it reads, for a user whose `home` is MuseAroo's folder."""

    folder: Path
    home: Path
    user: Path
    temporary: Path
    others: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that a command finds."""
        own = {"HOME": self.user, HOME_VARIABLE: self.home, "TMPDIR": self.temporary}
        return {**self.others, **{name: str(path) for name, path in own.items()}}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A machine on which nobody has set anything, with a sound server where there is one."""
    base = tmp_path_factory.mktemp("machine")
    for name in ("home", "user", "temporary", "work", "work/out", "work/library", "work/folder"):
        (base / name).mkdir()
    # Libraries report nothing by themselves where CI is set, and users have it not.
    chosen = re.compile("|".join((r"CI|GITHUB_.*|XDG_.*|HF_.*|.*PROXY|.*proxy", *CACHES, *SILENT, *OFFLINE)))
    others = {name: value for name, value in os.environ.items() if not chosen.fullmatch(name)}
    others["PYTHONDONTWRITEBYTECODE"] = "1"
    with ExitStack() as stack:
        if jack.is_installed():
            server = stack.enter_context(jack.jack_server(is_realtime=False))
            others |= server.environment
        machine = Place(base / "work", base / "home", base / "user", base / "temporary", others)
        made = run(machine, "generate bass --style funk --bars 4 --seed 3 --out song.mid")
        assert made.status == 0, made.output
        (machine.folder / "folder" / SONG).write_bytes((machine.folder / SONG).read_bytes())
        yield machine


@pytest.fixture
def place(machine: Place, tmp_path: Path) -> Place:
    """The machine, with nothing in the user's folder and among the temporary files."""
    for name in ("user", "temporary"):
        (tmp_path / name).mkdir()
    return replace(machine, user=tmp_path / "user", temporary=tmp_path / "temporary")


def run(place: Place, words: str) -> Seen:
    """Run a command there, the daemon and the server until they are ready."""
    if words == "models fetch":
        return watch(["-c", FETCHING], place.folder, place.environment)
    if words.startswith("page"):
        opened = place.folder / "out" / "opened"
        return watch(["-c", BROWSING, *words.split()], place.folder, place.environment, until=opened.exists)
    if "--backend demucs" in words:
        from musearoo.tools.bench.stems.random_demucs import write_random_demucs

        write_random_demucs(place.home / "models" / "htdemucs", tiny=True)
    if "--backend musicgen" in words:
        from musearoo.tools.bench.musicgen.random_models import write_random_musicgen

        write_random_musicgen(place.home / "models", form="transformers", name="musicgen-small")
    folder = ConfigFolder(place.home)
    ready = {"run": folder.endpoint_file.exists, "serve": lambda: folder.read_server() is not None}.get(
        words.split()[0]
    )
    return watch(["-m", "musearoo", *words.split()], place.folder, place.environment, until=ready)


def find_strays(seen: Seen, place: Place) -> list[str]:
    """The files that were written where nobody asked for one."""
    allowed = (place.home, place.temporary, place.folder / "out", place.folder / "library")
    return [
        str(path)
        for path in seen.written
        if not any(path.is_relative_to(folder) for folder in allowed) and not SYSTEMS_OWN.match(str(path))
    ]


def list_files(folder: Path) -> list[str]:
    """All that is in a folder, by its path in it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def list_commands(parser: argparse.ArgumentParser, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command of a parser, as the words that name it."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        for name, inner in group.choices.items():
            yield from list_commands(inner, (*before, name))
    if not groups:
        yield before


def test_every_command_of_the_parser_has_a_case() -> None:
    for command in list_commands(make_parser()):
        assert [case for case in CASES if tuple(case.words.split()[: len(command)]) == command], command


@pytest.mark.parametrize("case", [pytest.param(case, marks=case.marks, id=case.words) for case in CASES])
def test_a_command_speaks_to_nobody_and_writes_where_it_may(case: Case, place: Place, tmp_path: Path) -> None:
    if case.has_own_home:
        place = replace(place, home=tmp_path / "home")
    before = list_files(place.folder)
    seen = run(place, case.words)
    assert seen.status == case.status, seen.output
    contacts = [one for one in seen.contacts if case.words != "models fetch" or "looks up a name" not in one]
    assert contacts == []
    assert find_strays(seen, place) == []
    # What strace was not there to see, or what was left.
    assert list_files(place.user) == []
    assert list_files(place.temporary) == []
    new = set(list_files(place.folder)) - set(before)
    assert [name for name in new if not re.match("(out|library)(/[^.]|$)", name)] == []
    if case.words == "models fetch":
        # From the hub's own redirect comes the name localhost; no other address, and of us no more than the versions.
        asked = json.loads(seen.output.splitlines()[-1])
        assert all(path.startswith(("/api/models/google-t5/", "/google-t5/", "/files/")) for path, _ in asked), asked
        assert {re.sub(r"[\d.]+", "#", agent) for path, agent in asked} <= {"unknown/None; hf_hub/#; python/#"}, asked


@needs_strace
@needs("fastapi")
def test_the_address_in_the_network_is_found_and_nothing_sent(place: Place) -> None:
    code = (
        "from musearoo.bridge.api.access.lan import find_address\n"
        "from musearoo.bridge.api.problems.errors import ApiError\n"
        "try: find_address()\n"
        "except ApiError as error: print(error)\n"
    )
    seen = watch(["-c", code], place.folder, place.environment)
    assert seen.status == 0, seen.output
    # Of UDP, which has a connection in name only.
    assert seen.contacts == ("connect 192.0.2.1 port 9",)


# --- the guard itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_strace", [pytest.param(True, marks=needs_strace), False])
def test_the_guard_sees_a_look_up_a_packet_and_stray_files(by_strace: bool, place: Place, tmp_path: Path) -> None:
    code = (
        "import os, pathlib, socket\n"
        "try: socket.getaddrinfo('telemetry.example.com', 443)\n"
        "except OSError: pass\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try: s.sendto(b'x', ('192.0.2.1', 9))\n"
        "except OSError: pass\n"
        "socket.socket().bind(('0.0.0.0', 0))\n"
        "pathlib.Path.home().joinpath('.cache', 'täler').mkdir(parents=True)\n"
        "pathlib.Path.home().joinpath('.cache', 'täler', 'id').write_text('x')\n"
        "pathlib.Path('lock').touch(); os.rename('lock', 'moved')\n"
        "pathlib.Path(os.environ['TMPDIR'], 'fine').touch(); pathlib.Path('/dev/null').write_text('x')\n"
    )
    # In a child of a child, as most of what MuseAroo does.
    nested = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {code!r}]))"
    place = replace(place, folder=tmp_path / "work")
    place.folder.mkdir()
    seen = watch(["-c", nested], place.folder, place.environment, by_strace=by_strace)
    assert seen.status == 0, seen.output
    for what in ("look", "192.0.2.1 port 9", "0.0.0.0 port 0"):
        assert any(what in contact for contact in seen.contacts), (what, seen.contacts)
    made = ("user/.cache", "user/.cache/täler", "user/.cache/täler/id", "work/lock", "work/moved")
    assert set(find_strays(seen, place)) == {str(tmp_path / name) for name in made}


@needs_strace
@needs("onnxruntime")
def test_the_guard_sees_onnxruntime_report_where_it_is_let(place: Place) -> None:
    # Its look-up comes some ten seconds later.
    seen = watch(["-c", "import onnxruntime"], place.folder, place.environment)
    assert [path for path in find_strays(seen, place) if path.endswith("deviceid")] != []
