"""MIDI files on the command line: parts for a file's passage, kits, and what is written of a song."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.commands.shared.kits import choose_kit, read_kits
from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.score import (
    DRUM_CHANNEL,
    PAN,
    VOLUME,
    Controller,
    ControllerKind,
    MidiScore,
    MidiTrack,
)
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from tests.bridge.commands.command_line import failure_of, wrong_value_of

Output = pytest.CaptureFixture[str]

PIANO = tuple(
    Note(4.0 * bar, pitch, 4.0, 80.0) for bar in range(8) for pitch in ((57, 60, 64) if bar % 2 == 0 else (53, 57, 60))
)
BEAT = tuple(Note(float(beat), 33 if beat % 2 == 0 else 31, 0.5, 100.0) for beat in range(32))
"""A beat as Yamaha's DTXplorer sends it."""
SONG = MidiScore(
    (
        MidiTrack(
            "Piano",
            4,
            PIANO,
            (
                Controller(0.0, ControllerKind.PROGRAM, 5),
                Controller(0.0, ControllerKind.CONTROL, 90, VOLUME),
                Controller(3.0, ControllerKind.PITCH_BEND, 100),
            ),
            32.0,
        ),
        MidiTrack("Kit", DRUM_CHANNEL, BEAT, (), 32.0),
    ),
    TempoMap(((0.0, 92.0), (24.0, 69.0))),
    ((0.0, Meter()), (16.0, Meter(3, 4))),
    ((0.0, Key.parse("A minor")),),
)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mid"
    path.write_bytes(write_score(SONG))
    return path


def report_of(capsys: Output, *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0, capsys.readouterr().err
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_a_part_is_made_for_the_beginning_of_a_file(song: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "bass.mid"
    report = report_of(capsys, "generate", "bass", f"--context={song}", "--bars=4", "--seed=1", f"--out={out}")
    assert (report["bpm"], report["key"], report["time_signature"]) == (92.0, "A minor", "4/4")
    assert report["heard"] == ["Heard bars 1 to 4 of song.mid: 4/4, 92 BPM, A minor; Piano, Kit."]
    on_one = {note[1] % 12 for note in report["notes"] if note[0] in (0.0, 8.0)}
    assert on_one <= {9, 0, 4}, "the bass plays what the piano plays"
    written = read_score(out.read_bytes())
    assert (written.keys, written.tempos.changes) == (((0.0, Key.parse("A minor")),), ((0.0, 92.0),))


def test_a_part_for_a_later_passage_has_its_meter_and_its_tempos(song: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "melody.mid"
    report = report_of(capsys, "generate", "melody", f"--context={song}", "--from-bar=5", "--bars=8", f"--out={out}")
    assert (report["time_signature"], report["length_beats"]) == ("3/4", 24.0)
    assert "the mean of 2 tempos" in report["heard"][0]
    assert report["heard"][1].startswith("After bar 10 it ends")
    written = read_score(out.read_bytes())
    assert written.tempos.changes == ((0.0, 92.0), (8.0, 69.0))
    assert written.meters == ((0.0, Meter(3, 4)),)


def test_a_new_part_is_played_on_what_the_old_one_was(song: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "chords.mid"
    report = report_of(capsys, "generate", "harmony", f"--context={song}", "--bars=2", f"--out={out}")
    assert report["heard"][-1] == "Left out, for the new part takes its place: Piano."
    assert read_score(out.read_bytes()).tracks[0].program == 5


def test_drums_are_written_for_a_kit_and_played_to_one(song: Path, tmp_path: Path, capsys: Output) -> None:
    plain, theirs = tmp_path / "plain.mid", tmp_path / "theirs.mid"
    asked = ["generate", "drums", "--style=rock", "--seed=3", "--bars=2"]
    report = report_of(capsys, *asked, f"--out={plain}")
    assert report_of(capsys, *asked, f"--out={theirs}", "--kit=DTXplorer")["notes"] == report["notes"]
    kicks = [note.start for note in read_score(plain.read_bytes()).tracks[0].notes if note.pitch == 36]
    assert kicks
    assert kicks == [note.start for note in read_score(theirs.read_bytes()).tracks[0].notes if note.pitch == 33]
    main(["analyze", str(song), "--kit=dtxplorer", "--json"])
    hits = json.loads(capsys.readouterr().out)[0]["hits"]
    assert {kind for _, kind, *_ in hits} == {"kick", "snare"}


def test_a_refined_part_keeps_its_channel_instrument_and_time_line(song: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "new.mid"
    report_of(capsys, "refine", str(song), "--part=piano", "--change=busier", "--seed=2", f"--out={out}")
    written = read_score(out.read_bytes())
    (track,) = written.tracks
    assert (track.name, track.channel, track.program) == ("Piano", 4, 5)
    assert (written.tempos, written.meters, written.keys) == (SONG.tempos, SONG.meters, SONG.keys)
    kinds = {one.kind for one in track.controllers}
    assert ControllerKind.CONTROL in kinds
    assert ControllerKind.PITCH_BEND not in kinds, "it bent a note that is gone"


def test_refined_drums_stay_on_their_kit(song: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "new.mid"
    report = report_of(capsys, "refine", str(song), "--part=kit", "--change=busier", "--kit=dtxplorer", f"--out={out}")
    assert {36, 38} <= {note[1] for note in report["notes"]}
    (track,) = read_score(out.read_bytes()).tracks
    assert track.is_drums
    assert {33, 31} <= {note.pitch for note in track.notes}
    assert not {36, 38} & {note.pitch for note in track.notes}


def test_a_song_is_written_with_its_instruments_sections_keys_and_mix(tmp_path: Path, capsys: Output) -> None:
    asked = ["song", "--style=jazz swing", "--seconds=20", "--seed=3", "--wav", f"--out={tmp_path}"]
    report = report_of(capsys, *asked)
    whole = read_score(Path(report["files"]["song"]).read_bytes())
    assert whole.title.startswith("jazz swing, ")
    assert whole.keys[0] == (0.0, Key.parse(report["key"]))
    assert whole.markers == tuple((section["start"], section["name"]) for section in report["sections"])
    for track in whole.tracks:
        assert track.program == report["instruments"][track.name]["program"]
        assert track.is_drums == (track.name == "drums")
        moved = {one.number: one.value for one in track.controllers if one.kind is ControllerKind.CONTROL}
        assert set(moved) == {VOLUME, PAN}
    assert len({track.channel for track in whole.tracks}) == len(whole.tracks)
    assert max(one.value for track in whole.tracks for one in track.controllers if one.number == VOLUME) == 100


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--context=song.mid", "--bpm=100"], "--context already says what --bpm would"),
        (["--context=none.mid"], "none.mid cannot be read"),
        (["--context=cut.mid"], "cut.mid ends within track 2 of its 3: it was cut off"),
        (["--from-bar=2"], "--from-bar is of the MIDI file that --context names"),
        (["--kit=broken.yaml"], "broken.yaml: pads: expected voices of kick"),
        (["--kit=none.yaml"], "none.yaml cannot be read"),
    ],
)
def test_errors_of_a_file_are_reported_in_a_line(
    arguments: list[str], words: str, song: Path, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cut.mid").write_bytes(song.read_bytes()[:120])
    (tmp_path / "broken.yaml").write_text("{name: broken, pads: {kik: 36}}")
    assert words in failure_of(capsys, "generate", "bass", *arguments)


def test_what_is_no_such_value_is_wrong_usage(song: Path, capsys: Output) -> None:
    late = wrong_value_of(capsys, "generate", "bass", f"--context={song}", "--from-bar=11")
    assert "first bar must be 1 to 10, as song.mid has them" in late
    assert "kit must be one of general midi, 808" in wrong_value_of(capsys, "generate", "bass", "--kit=707")


def test_a_kit_is_chosen_once(capsys: Output) -> None:
    said = failure_of(capsys, "generate", "drums", "--options=kit=808", "--kit=roland td")
    assert "--options already chooses a kit" in said


def test_kits_of_ones_own_come_first_and_broken_ones_are_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.yaml").write_text("{name: roland td, pads: {kick: 24}}")
    (tmp_path / "b.yaml").write_text("{name: broken, pads: {kik: 36}}")
    kits = read_kits(tmp_path)
    assert (kits[0].name, kits[0].pads) == ("roland td", {"kick": 24})
    assert "broken" not in {kit.name for kit in kits}
    assert "b.yaml: pads" in caplog.text
    own = tmp_path / "mine.yaml"
    own.write_text("{name: mine, pads: {kick: 24}}")
    assert choose_kit(str(own)).pads == {"kick": 24}
    with pytest.raises(PresetError, match=r"^b\.yaml"):
        choose_kit(str(tmp_path / "b.yaml"))
    with pytest.raises(ParamError, match="kit must be one of"):
        choose_kit("none")
