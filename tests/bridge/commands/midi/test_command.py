"""`musearoo midi` where no port is opened: its options, what it says of ports, what the monitor and the doctor show."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from musearoo.bridge.cli import main
from musearoo.bridge.commands.doctor import midi as doctor_midi
from musearoo.bridge.commands.doctor.finding import Finding
from musearoo.bridge.commands.doctor.midi import CLOCK, PORTS, WHAT, examine_clock, examine_midi, examine_ports
from musearoo.bridge.commands.midi import capture as midi_capture
from musearoo.bridge.commands.midi import choice as midi_choice
from musearoo.bridge.commands.midi import jam as midi_jam
from musearoo.bridge.commands.midi import monitor as midi_monitor
from musearoo.bridge.commands.midi import session as midi_session
from musearoo.bridge.commands.midi.capture import Recorder
from musearoo.bridge.commands.midi.choice import follow_clocks
from musearoo.bridge.commands.midi.monitor import Monitor, describe_clock, show
from musearoo.bridge.commands.midi.ports import explain
from musearoo.bridge.commands.midi.session import MidiSession, Voice, describe_ports
from musearoo.bridge.midi import ableton_link as link_clock
from musearoo.bridge.midi.ports.system import NO_VIRTUAL, MidiPortError, PortList
from musearoo.bridge.protocol.midi_process import (
    Choose,
    ClockSource,
    ClockState,
    Command,
    Fault,
    Follow,
    Incoming,
    PartState,
    Play,
    Ports,
    PortState,
    Report,
)
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.improvisation.capture.bars import CaptureRequest
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.song import decode_midi_file
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of, wrong_value_of
from tests.engines.presets_on_disk import STYLES

__all__ = ["home"]

HERE = PortList("alsa", ("Keystation 61", "Pads"), ("JV-1080",), is_virtual_possible=True)
WINDOWS = PortList("winmm", ("Keystation 61", "loopMIDI Port"), ("JV-1080", "loopMIDI Port 1"), False)
NAMED = Settings(midi_in=("keystation",), midi_out=("Wavestation",))


def nothing_works(*_: object) -> PortList:
    """A machine without MIDI."""
    raise MidiPortError("There is no MIDI here.")


# --- usage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "bounds"),
    [
        ((), "ACTION"),
        (("dance",), "dance"),
        (("jam", "--bars", "17"), "1..16"),
        (("jam", "--bpm", "10"), "20..999"),
        (("capture", "--bars", "65"), "0..64"),
        (("monitor", "--seconds", "0"), "0.1..86400"),
    ],
)
def test_wrong_usage_names_the_bounds(capsys: Output, arguments: tuple[str, ...], bounds: str) -> None:
    assert bounds in usage_of(capsys, "midi", *arguments)


@pytest.mark.parametrize("action", ["monitor", "jam", "capture"])
def test_without_midi_every_action_fails_in_one_line(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr(midi_session, "why_no_midi", lambda: "There is no MIDI here.")
    assert failure_of(capsys, "midi", action) == "musearoo: There is no MIDI here.\n"


def test_who_and_what_is_played_is_known_before_anyone_plays(capsys: Output) -> None:
    assert "nobodyroo" in wrong_value_of(capsys, "midi", "jam", "--who", "nobodyroo")
    assert "polkacore" in wrong_value_of(capsys, "midi", "jam", "--style", "polkacore")
    assert "meter must be" in wrong_value_of(capsys, "midi", "jam", "--time-signature", "4/5")


@pytest.mark.parametrize(
    ("flags", "bpm"),
    [((), 120.0), (("--style", "house"), STYLES["house"].tempo.usual), (("--style", "house", "--bpm", "77"), 77.0)],
)
def test_a_jam_without_a_clock_goes_at_the_tempo_of_its_style(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], bpm: float
) -> None:
    session, _ = scripted(monkeypatch, [])
    assert main(["midi", "jam", *flags, "--seed", "5", "--json"]) == 0
    assert session.bpm == bpm
    report = json.loads(capsys.readouterr().out)
    assert report == {"turns": 0, "notes_heard": 0, "seed": 5, "answers": [], "failed": []}


@pytest.mark.parametrize(
    ("named", "followed"),
    [("[live, midi, own]", "midi own"), ("[live, link]", "link midi own"), ("[own]", "midi own")],
)
def test_clocks_are_those_of_the_settings_but_live(home: Path, named: str, followed: str) -> None:
    home.mkdir()
    (home / "settings.yaml").write_text(f"clock: {named}\n")
    follow = follow_clocks(96.0)
    assert " ".join(follow.sources) == followed
    assert follow.bpm == 96.0
    assert follow_clocks(None).bpm == 120.0


# --- ports -----------------------------------------------------------------------------------------------------------


def test_ports_are_listed_with_those_of_the_settings(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(midi_choice, "list_ports", lambda: HERE)
    home.mkdir()
    (home / "settings.yaml").write_text('midi_in: ["keystation"]\nmidi_out: ["", "Wavestation"]\n')
    assert main(["midi", "ports", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["api"], told["virtual"]) == ("ALSA", True)
    assert [(port["name"], port["is_input"], port["used"], port["there"]) for port in told["ports"]] == [
        ("MuseAroo In", True, False, False),
        ("Keystation 61", True, True, True),
        ("Pads", True, False, True),
        ("MuseAroo Out", False, True, False),
        ("JV-1080", False, False, True),
        ("Wavestation", False, True, False),
    ]
    (mend,) = told["mend"]
    assert "“Wavestation” is not there" in mend
    assert "midi_out" in mend
    assert main(["midi", "ports"]) == 0
    shown = capsys.readouterr().out
    assert "Keystation 61" in shown
    assert mend in shown


def test_where_programs_have_no_ports_loopmidi_is_explained() -> None:
    assert explain(WINDOWS, ("",), ("JV-1080",)) == [NO_VIRTUAL]
    assert explain(WINDOWS, ("loopMIDI",), ("loopMIDI",)) == []
    assert "loopMIDI" in NO_VIRTUAL


def test_without_midi_there_are_no_ports_to_show(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_choice, "list_ports", nothing_works)
    assert failure_of(capsys, "midi", "ports") == "musearoo: There is no MIDI here.\n"


def test_the_ports_in_use_are_reported_per_direction() -> None:
    ports = (
        PortState("Keys", True, True, True),
        PortState("Pads", True, False, True),
        PortState("Gone", False, True, False),
    )
    assert describe_ports(ports) == ["Listening to Keys."]


# --- the doctor ------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_rtmidi(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has the package, whatever this one has."""
    found = Finding(WHAT, "good", "python-rtmidi 1.5.8")
    monkeypatch.setattr(doctor_midi, "find_optional", lambda *_: found)


@pytest.mark.usefixtures("with_rtmidi")
def test_the_doctor_tells_the_way_the_ports_and_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_midi, "list_ports", lambda: HERE)
    way, ports, clock = examine_midi(Settings())
    assert (way.verdict, way.found) == ("good", "python-rtmidi 1.5.8, by ALSA")
    assert ports.found == "listens to MuseAroo In (its own), plays to MuseAroo Out (its own)"
    assert ports.mend == "Others here: inputs “Keystation 61”, “Pads”; outputs “JV-1080”."
    assert (ports.what, clock.what, clock.verdict) == (PORTS, CLOCK, "good")


@pytest.mark.usefixtures("with_rtmidi")
def test_the_doctor_says_why_there_is_no_midi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_midi, "list_ports", nothing_works)
    (finding,) = examine_midi(Settings())
    assert (finding.verdict, finding.mend) == ("note", "There is no MIDI here.")
    (finding,) = examine_midi(Settings(midi=False))
    assert (finding.verdict, finding.found) == ("note", "switched off")


def test_the_doctor_notes_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    (finding,) = examine_midi(Settings())
    assert finding.verdict == "note"
    assert finding.mend.endswith("setup --with midi")


def test_the_doctor_names_ports_that_are_not_there() -> None:
    finding = examine_ports(NAMED, HERE)
    assert (finding.verdict, finding.found) == ("note", "not there: the output “Wavestation”")
    assert "“Pads”" in finding.mend
    assert "Keystation" not in finding.mend
    finding = examine_ports(Settings(midi_in=("keystation",), midi_out=("JV",)), HERE)
    assert finding.found == "listens to “Keystation 61”, plays to “JV-1080”"


def test_the_doctor_explains_loopmidi_on_windows() -> None:
    assert examine_ports(Settings(), WINDOWS).mend == (
        "Name it in the settings: midi_out: [loopMIDI Port 1], and another of loopMIDI's as midi_in."
    )
    bare = PortList("winmm", (), (), is_virtual_possible=False)
    assert examine_ports(Settings(), bare).mend == NO_VIRTUAL


def test_the_doctor_tells_whom_the_beat_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine_clock(Settings(clock=("midi", "own"))).found == "MIDI clock at an input, else a tempo of its own"
    linked = Settings(clock=("link", "own"))
    monkeypatch.setattr(link_clock, "is_installed", lambda: False)
    finding = examine_clock(linked)
    assert (finding.verdict, finding.mend) == ("note", link_clock.INSTALL)
    monkeypatch.setattr(link_clock, "is_installed", lambda: True)
    assert examine_clock(linked) == Finding(CLOCK, "good", "Ableton Link, else a tempo of its own")


# --- the monitor -----------------------------------------------------------------------------------------------------


def played(monitor: Monitor, *strokes: tuple[float, str]) -> list[object]:
    """What the monitor tells of messages at moments, and once all has come to rest."""
    told: list[object] = []
    for moment, message in strokes:
        told += [monitor.settle(moment), monitor.take(Incoming(moment, moment * 2, "Keys", bytes.fromhex(message)))]
    return [each for each in (*told, monitor.settle(moment + 0.1)) if each is not None]


def test_a_chord_is_reported_once_it_has_settled() -> None:
    monitor = Monitor()
    strokes = ((5.0, "90 39 50"), (5.01, "90 3c 50"), (5.02, "90 40 50"), (6.0, "80 39 40"), (6.0, "80 3c 40"))
    told = played(monitor, *strokes, (6.0, "80 40 40"))
    chords = [each for each in told if isinstance(each, dict) and each["kind"] == "chord"]
    assert chords == [
        {"kind": "chord", "chord": "Am", "pitches": [57, 60, 64]},
        {"kind": "chord", "chord": None, "pitches": []},
    ]
    assert told[0] == {
        "kind": "message",
        "seconds": 0.0,
        "beat": None,
        "port": "Keys",
        "words": "A3, velocity 80",
        "bytes": "90 39 50",
    }


def test_the_clock_is_reported_with_its_jitter_and_beats_count_while_it_is_present() -> None:
    monitor = Monitor()
    clock = ClockState(1.0, ClockSource.MIDI, True, 2.0, 120.004, 0.00123)
    assert monitor.take(clock) == {
        "kind": "clock",
        "source": "midi",
        "running": True,
        "beat": 2.0,
        "bpm": 120.0,
        "jitter_ms": 1.23,
    }
    told = monitor.take(Incoming(1.0, 2.0, "Keys", bytes.fromhex("90 39 50")))
    assert told is not None
    assert told["beat"] == 2.0
    assert monitor.take(ClockState(1.0, ClockSource.OWN, True, 2.0, 120.0, 0.0)) is None
    assert describe_clock(monitor.watched.clock) == "no clock comes"
    assert describe_clock(ClockState(1.0, ClockSource.LIVE, False, 8.0, 96.0, 0.0)) == "Live, stopped at beat 8.0"


def test_ports_and_faults_are_reported_and_parts_are_not() -> None:
    monitor = Monitor()
    there = PortState("Keys", True, True, True)
    assert monitor.take(Ports((there, PortState("Gone", True, True, False)))) == {"kind": "ports", "inputs": ["Keys"]}
    assert monitor.take(Fault("Keys has gone.")) == {"kind": "fault", "sentence": "Keys has gone."}
    assert monitor.take(PartState(1, 0.0, True)) is None


def test_the_screen_has_the_chord_the_notes_and_the_last_messages() -> None:
    monitor = Monitor()
    console = Console(width=80)
    with console.capture() as empty:
        console.print(show(monitor.watched))
    assert "Nothing has been played yet." in empty.get()
    played(monitor, *((5.0 + number / 1000, f"90 {pitch} 50") for number, pitch in enumerate(("39", "3c", "40"))))
    with console.capture() as screen:
        console.print(show(monitor.watched))
    assert "Am   A3 C4 E4" in screen.get()
    assert "E4, velocity 80   (Keys)" in screen.get()


# --- capturing -------------------------------------------------------------------------------------------------------


def test_an_inaudible_clock_does_not_count() -> None:
    for source, has_click, is_free in (
        (ClockSource.OWN, False, True),
        (ClockSource.OWN, True, False),
        (ClockSource.MIDI, False, False),
    ):
        recorder = Recorder(Meter(), has_click)
        for quarter in range(9):
            seconds = quarter * 0.6
            recorder.follow(ClockState(seconds, source, True, quarter * 1.2, 120.0, 0.0))
            recorder.hear(Incoming(seconds, quarter * 1.2, "Keys", bytes((0x90, 60, 90))))
            recorder.hear(Incoming(seconds + 0.3, quarter * 1.2 + 0.6, "Keys", bytes((0x80, 60, 0))))
        captured = recorder.keep(2, 5.4, CaptureRequest())
        assert captured.is_free == is_free
        assert captured.bpm == pytest.approx(100.0 if is_free else 120.0, rel=0.02)
        assert recorder.line.startswith("9 notes")


class Scripted(MidiSession):
    """A session in which what was written happens; then it is ended as by Ctrl-C."""

    def __init__(self, happens: Sequence[Report]) -> None:
        self.bpm = 0.0
        self.sent: list[Command] = []
        self._happens = happens

    def send(self, order: Command) -> None:
        self.sent.append(order)

    def wait_for_ports(self, voice: Voice) -> None:
        voice.say("Listening to Keys.")

    def reports(self, seconds: float | None = None, every: float = 0.0) -> Iterator[Report | None]:
        for report in self._happens:
            yield from (report, None)
        if seconds is None:
            raise KeyboardInterrupt


def scripted(monkeypatch: pytest.MonkeyPatch, happens: Sequence[Report]) -> tuple[Scripted, list[Choose]]:
    """Has all commands open a session in which that happens; the ports that were chosen."""
    session, chosen = Scripted(happens), list[Choose]()

    @contextmanager
    def open_scripted(_purpose: str, choose: Choose, follow: Follow) -> Iterator[Scripted]:
        chosen.append(choose)
        session.bpm = follow.bpm
        yield session

    monkeypatch.setattr(midi_capture, "open_session", open_scripted)
    monkeypatch.setattr(midi_jam, "open_session", open_scripted)
    monkeypatch.setattr(midi_monitor, "open_session", open_scripted)
    return session, chosen


def quarters(pitches: Sequence[int], channel: int = 0) -> Iterator[Report]:
    """Notes that were played until now to MIDI clock at 120 BPM, from a bar line on, all a little late."""
    now = time.perf_counter()
    began = now - len(pitches) * 0.5
    for number, pitch in enumerate(pitches):
        seconds = began + number * 0.5
        yield ClockState(seconds, ClockSource.MIDI, True, float(number), 120.0, 0.0)
        for status, late in ((0x90, 0.02), (0x80, 0.4)):
            data = bytes((status | channel, pitch, 90))
            yield Incoming(seconds + late, number + late * 2, "Keys", data)
    yield ClockState(now, ClockSource.MIDI, True, float(len(pitches)), 120.0, 0.0)


TUNE = (60, 62, 64, 65, 67, 65, 64, 62)


def test_the_last_bars_are_kept_in_a_file(capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    session, chosen = scripted(monkeypatch, list(quarters(TUNE)))
    path = tmp_path / "kept" / "tune.mid"
    assert main(["midi", "capture", "--bars", "1", "--out", str(path), "--port", "Keys", "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert said.err == ""
    assert (told["bars"], told["bpm"], told["own_tempo"], told["out"]) == (1.0, 120.0, False, str(path))
    song = decode_midi_file(path.read_bytes())
    (clip,) = song.parts.values()
    assert [note.pitch for note in clip.notes] == list(TUNE[4:])
    assert song.bpm == pytest.approx(120.0)
    assert (chosen[0].inputs, chosen[0].outputs, session.sent) == (("Keys",), (), [])


def test_drums_are_kept_as_drums_and_drawn(capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scripted(monkeypatch, list(quarters((36, 38) * 4, channel=9)))
    path = tmp_path / "beat.mid"
    assert main(["midi", "capture", "--raw", "--out", str(path), "--seconds", "9"]) == 0
    said = capsys.readouterr()
    assert " kick |▓──" in said.out
    assert "snare |" in said.out
    assert "beat.mid" in said.err
    (clip,) = decode_midi_file(path.read_bytes()).parts.values()
    assert list(decode_midi_file(path.read_bytes()).drums) == ["drums"]
    assert clip.notes[0].start == pytest.approx(0.04, abs=0.002)


def test_the_pedal_is_kept_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    happens = list(quarters(TUNE))
    pressed = next(report for report in happens if isinstance(report, Incoming) and report.beat > 5.0)
    happens.insert(happens.index(pressed) + 1, replace(pressed, data=bytes((0xB0, 64, 127))))
    for flags, values in (((), []), (("--pedal",), [127])):
        path = tmp_path / f"tune with {len(values)}.mid"
        scripted(monkeypatch, happens)
        assert main(["midi", "capture", "--bars", "1", "--out", str(path), "--json", *flags]) == 0
        (track,) = [track for track in read_score(path.read_bytes()).tracks if track.notes]
        assert [each.value for each in track.controllers if each.number == 64] == values


def test_no_take_is_written_over_another(capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    kept = []
    for _ in range(3):
        scripted(monkeypatch, list(quarters(TUNE)))
        kept.append(report_of(capsys, "midi", "capture", "--bars", "1", "--out", str(path))["out"])
    assert kept == [str(tmp_path / name) for name in ("tune.mid", "tune 2.mid", "tune 3.mid")]
    assert all(decode_midi_file(Path(each).read_bytes()).parts for each in kept)


def test_what_cannot_be_written_where_it_should_is_kept_elsewhere(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    (tmp_path / "takes").write_text("a file where a folder should be")
    scripted(monkeypatch, list(quarters(TUNE)))
    said = failure_of(capsys, "midi", "capture", "--json", "--out", str(tmp_path / "takes" / "tune.mid"))
    assert said.endswith(f"{tmp_path / 'takes'} is a file and no folder. What you played is in {home / 'tune.mid'}.\n")
    assert decode_midi_file((home / "tune.mid").read_bytes()).parts


def test_with_a_tempo_clicks_sound_while_it_records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    session, chosen = scripted(monkeypatch, list(quarters(TUNE)))
    assert main(["midi", "capture", "--bpm", "90", "--out", str(tmp_path / "f.mid"), "--json"]) == 0
    (click,) = session.sent
    assert isinstance(click, Play)
    assert click.part.loops
    assert chosen[0].outputs == ("",)


def test_silence_is_reported_and_leaves_no_file(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scripted(monkeypatch, [])
    path = tmp_path / "played.mid"
    assert "othing" in failure_of(capsys, "midi", "capture", "--out", str(path), "--seconds", "1", "--json")
    assert not path.exists()


def test_the_monitor_tells_line_by_line_where_there_is_no_screen(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, [*quarters((60,)), Fault("Keys has gone.")])
    assert main(["midi", "monitor"]) == 0
    said = capsys.readouterr()
    assert [line.strip() for line in said.out.splitlines()] == [
        "0.000  C4, velocity 90   (Keys)",
        "0.380  C4 off   (Keys)",
    ]
    assert said.err.splitlines() == ["Listening to Keys.", "Keys has gone."]
