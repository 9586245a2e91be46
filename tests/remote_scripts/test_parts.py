"""The script's pure parts on their own: where the daemon is, ids, the pump, the log, the memory of answers."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest

from musearoo.remote_scripts.MuseAroo.host import config
from musearoo.remote_scripts.MuseAroo.host.log import Log
from musearoo.remote_scripts.MuseAroo.host.pump import Pump
from musearoo.remote_scripts.MuseAroo.live_set.identities import Identities
from musearoo.remote_scripts.MuseAroo.live_set.marks import Mark, Marks
from musearoo.remote_scripts.MuseAroo.requests.answers import Answers, Refusal, Result
from tests.each_case import each_case
from tests.strange_files import STRANGE, WAITING, make_strange


class Thing:
    """An object of Live's: an address, and None to whoever compares once it is deleted."""

    def __init__(self, pointer: int) -> None:
        self._live_ptr = pointer
        self.dead = False

    def __eq__(self, other: object) -> bool:
        return self.dead if other is None else self is other

    def __hash__(self) -> int:
        return self._live_ptr


class FakeTimer:
    """Live's timer, beaten by hand."""

    made: ClassVar[list["FakeTimer"]] = []
    fails = False

    def __init__(self, callback: Callable[[], None], interval: int, repeat: bool, start: bool) -> None:
        if FakeTimer.fails:
            raise RuntimeError("no timer today")
        assert (interval, repeat, start) == (10, True, True)
        self.callback, self.running = callback, True
        FakeTimer.made.append(self)

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def beat(self) -> None:
        """One beat: as Live does, an exception stops the timer."""
        if self.running:
            try:
                self.callback()
            except BaseException:
                self.running = False
                raise


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> list[FakeTimer]:
    """The timers that are made."""
    module, base = ModuleType("Live"), ModuleType("Live.Base")
    base.Timer = FakeTimer  # type: ignore[attr-defined]
    module.Base = base  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "Live", module)
    monkeypatch.setattr(FakeTimer, "made", [])
    monkeypatch.setattr(FakeTimer, "fails", False)
    return FakeTimer.made


class Bench:
    """A pump on a clock that the test turns; `tick` does what `work` says."""

    def __init__(self) -> None:
        self.now, self.ticks = 0.0, 0
        self.scheduled: list[Callable[[], None]] = []
        self.lines: list[str] = []
        self.work: Callable[[], None] = lambda: None
        log = Log(self.lines.append, lambda: self.now)
        self.pump = Pump(self._tick, lambda _, callback: self.scheduled.append(callback), lambda: self.now, log)

    def _tick(self) -> None:
        self.ticks += 1
        self.work()

    def display_tick(self) -> None:
        """What Live does every 100 ms."""
        due, self.scheduled = self.scheduled, []
        for callback in due:
            callback()


def test_the_pump_survives_what_a_tick_raises(timers: list[FakeTimer]) -> None:
    bench = Bench()
    bench.pump.start()
    bench.work = lambda: 1 // 0  # type: ignore[assignment]
    timers[0].beat()
    timers[0].beat()
    assert (bench.ticks, timers[0].running, len(bench.lines)) == (2, True, 1)
    assert "ZeroDivisionError" in bench.lines[0]


def test_a_stopped_timer_is_started_again_and_the_pump_beats_meanwhile(timers: list[FakeTimer]) -> None:
    bench = Bench()
    bench.pump.start()
    timers[0].beat()
    bench.display_tick()
    timers[0].stop()
    bench.display_tick()
    assert timers[0].running
    assert bench.ticks == 2


def test_without_a_timer_the_watchdog_beats(timers: list[FakeTimer]) -> None:
    FakeTimer.fails = True
    bench = Bench()
    bench.pump.start()
    for _ in range(5):
        bench.display_tick()
    assert (bench.ticks, timers) == (5, [])
    FakeTimer.fails = False
    bench.display_tick()
    assert len(timers) == 1


def test_the_largest_gap_is_kept_until_it_is_taken(timers: list[FakeTimer]) -> None:
    bench = Bench()
    bench.pump.start()
    for now in (0.01, 0.02, 5.02, 5.03):
        bench.now = now
        timers[0].beat()
    assert bench.pump.take_largest_gap() == pytest.approx(5.0)
    assert bench.pump.take_largest_gap() == 0.0


def test_a_stopped_pump_does_nothing_more(timers: list[FakeTimer]) -> None:
    bench = Bench()
    bench.pump.start()
    bench.pump.stop()
    bench.display_tick()
    timers[0].beat()
    assert (bench.ticks, bench.scheduled, timers[0].running) == (0, [], False)


def test_ids_are_never_used_again_and_addresses_may_be() -> None:
    ids = Identities()
    first, second = Thing(100), Thing(200)
    assert (ids.id_of(first), ids.id_of(second), ids.id_of(first)) == (1, 2, 1)  # type: ignore[arg-type]
    first.dead = True
    assert ids.find(1) is None
    reborn = Thing(100)
    assert ids.id_if_known(reborn) == 0  # type: ignore[arg-type]
    assert ids.id_of(reborn) == 3  # type: ignore[arg-type]
    ids.forget(1)
    assert ids.id_of(reborn) == 3  # type: ignore[arg-type]
    assert len(ids) == 2


def test_what_was_made_is_known_until_it_is_gone() -> None:
    ids = Identities()
    thing_id = ids.id_of(Thing(5))  # type: ignore[arg-type]
    ids.mark_made(thing_id)
    assert ids.is_made(thing_id)
    ids.forget(thing_id)
    assert not ids.is_made(thing_id)
    assert len(ids) == 0


def test_marks_are_worked_off_by_kind_and_once_each() -> None:
    marks = Marks()
    listener = marks.adder("clip", 7)
    listener()
    listener()
    marks.add("structure")
    marks.add("track", 2)
    assert len(marks) == 3
    taken = [marks.next() for _ in range(4)]
    assert taken == [Mark("structure", 0), Mark("track", 2), Mark("clip", 7), None]


def test_the_oldest_answers_are_forgotten_first() -> None:
    answers = Answers(most=2)
    for name in ("a", "b", "c"):
        answers.keep(name, Result((1, 2)))
    assert (answers.find("a"), answers.find("c"), len(answers)) == (None, Result((1, 2)), 2)
    assert Refusal(3, 0, "no").packet("c", True) == Refusal(3, 0, "no").packet("c", False)


def test_a_line_is_logged_once_a_minute() -> None:
    now = [0.0]
    lines: list[str] = []
    log = Log(lines.append, lambda: now[0])
    for second in range(0, 121, 10):
        now[0] = float(second)
        log.line("the same")
    assert lines == ["MuseAroo: the same"] * 3
    log.request = "device-1:3"
    log.line("the same")
    log.line("another\nwith more")
    assert lines[3:] == ["MuseAroo: another [device-1:3]\nwith more"]


@each_case(
    "environ, platform, folder",
    [
        ({"MUSEAROO_HOME": "/roo", "HOME": "/h"}, "linux", "/roo"),
        ({"HOME": "/Users/ann"}, "darwin", "/Users/ann/Library/Application Support/MuseAroo"),
        ({"HOME": "/home/ann"}, "linux", "/home/ann/.config/musearoo"),
        ({"HOME": "/home/ann", "XDG_CONFIG_HOME": "/conf"}, "linux", "/conf/musearoo"),
        (
            {"HOME": "C:/Users/ann", "APPDATA": "C:/Users/ann/AppData/Roaming"},
            "win32",
            "C:/Users/ann/AppData/Roaming/MuseAroo",
        ),
        ({"HOME": "C:/Users/ann"}, "win32", "C:/Users/ann/AppData/Roaming/MuseAroo"),
    ],
)
def test_the_folder_of_each_platform(environ: dict[str, str], platform: str, folder: str) -> None:
    assert Path(config.home(environ, platform)) == Path(folder)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (None, "has not been started yet"),
        ("{", "cannot be read"),
        ("[]", "no script_port"),
        ('{"script_port": "24610"}', "no script_port"),
        ('{"script_port": 70000}', "no script_port"),
        ('{"script_port": true}', "no script_port"),
        ("[" * 1_000, "cannot be read"),
        ("{" + " " * 5_000 + "}", "daemon.json is too large"),
    ],
)
def test_an_endpoint_that_cannot_be_read_is_one_sentence(tmp_path: Path, written: str | None, says: str) -> None:
    (tmp_path / "token").write_text("t")
    if written is not None:
        (tmp_path / "daemon.json").write_text(written)
    found = config.find_endpoint(str(tmp_path))
    assert isinstance(found, str)
    assert says in found


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", ["token", "daemon.json"])
def test_live_never_waits_for_what_is_no_file(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "token").write_text("t")
    (tmp_path / "daemon.json").write_text('{"script_port": 24611}')
    (tmp_path / name).unlink()
    make_strange(kind, tmp_path / name)
    found = config.find_endpoint(str(tmp_path))
    assert isinstance(found, str)
    assert "it is no regular file" in found or kind not in WAITING


def test_an_endpoint_is_port_and_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    (tmp_path / "daemon.json").write_text(json.dumps({"script_port": 24611}))
    assert config.find_endpoint(str(tmp_path)) == (24611, "secret")
