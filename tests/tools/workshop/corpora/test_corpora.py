"""Readers of corpora, on small files in the corpora's own forms."""

import zipfile
from dataclasses import replace
from pathlib import Path

import mido  # type: ignore[import-untyped]
import pytest

from musearoo.tools.workshop.corpora.band.text_patterns import read_pattern
from musearoo.tools.workshop.corpora.sources import nottingham, openewld
from musearoo.tools.workshop.corpora.sources.gmd import FOLDER, performances, read_performance

GMD_COLUMNS = "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split\n"


def write_midi(path: Path, notes: list[tuple[int, int, int]], bpm: int, meter: tuple[int, int] = (4, 4)) -> None:
    """A MIDI file of notes (quarter, pitch, length in quarters) on one track."""
    events = [(480 * start, 1, pitch) for start, pitch, _ in notes]
    events += [(480 * (start + length), 0, pitch) for start, pitch, length in notes]
    track = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)),
            mido.MetaMessage("time_signature", numerator=meter[0], denominator=meter[1]),
            mido.MetaMessage("key_signature", key="C"),
        ]
    )
    now = 0
    for tick, on, pitch in sorted(events):
        track.append(mido.Message("note_on", note=pitch, velocity=90 * on, time=tick - now, channel=9))
        now = tick
    path.parent.mkdir(parents=True, exist_ok=True)
    file = mido.MidiFile(path) if path.exists() else mido.MidiFile(type=1, ticks_per_beat=480)
    file.tracks.append(track)
    file.save(path)


def test_performances_come_with_the_grid_that_the_drummer_heard(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    write_midi(folder / "drummer1/session1/1_rock_90_beat_6-8.mid", [(n, 36, 1) for n in range(12)], 90, (6, 8))
    (folder / "info.csv").write_text(
        GMD_COLUMNS
        + "d,drummer1/session1,1,rock/slow,90,beat,6-8,drummer1/session1/1_rock_90_beat_6-8.mid,a.wav,8.0,train\n"
        + "d,drummer1/session1,2,rock,90,beat,4-4,drummer1/session1/none.mid,a.wav,8.0,test\n",
        encoding="utf-8",
    )
    (found,) = performances(tmp_path)  # never those of the dataset's other splits
    piece = read_performance(found)
    assert (found.meter, piece.style) == ("6/8", "rock")
    assert piece.beats[:3] == pytest.approx((0.0, 1.0, 2.0))  # dotted quarters at 90 quarters a minute
    assert piece.downbeats[:2] == pytest.approx((0.0, 2.0))
    assert [stroke.time for stroke in piece.strokes[:2]] == pytest.approx([0.0, 2 / 3])


def test_rare_meters_are_songs_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    row = "d,drummer1/session1,1,rock,90,beat,4-4,drummer1/session1/1_rock_90_beat_4-4.mid,a.wav,8.0,train\n"
    (folder / "info.csv").write_text(GMD_COLUMNS + row, encoding="utf-8")
    (common,) = performances(tmp_path)
    rare = replace(common, meter="5/4")
    assert common.song == "gmd/drummer1/session1"
    assert rare.song == "gmd/drummer1/session1/1_rock_90_beat_4-4"


def measure(number: int, body: str) -> str:
    """A measure of MusicXML."""
    return f'<measure number="{number}">{body}</measure>'


def note(step: str, duration: int, octave: int = 4, tie: str = "") -> str:
    """A note of MusicXML."""
    tied = f'<tie type="{tie}"/>' if tie else ""
    return (
        f"<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>{duration}</duration>{tied}</note>"
    )


def harmony(step: str, kind: str) -> str:
    """A chord of MusicXML."""
    return f"<harmony><root><root-step>{step}</root-step></root><kind>{kind}</kind></harmony>"


def test_lead_sheets_are_read_with_pickup_ties_and_chords(tmp_path: Path) -> None:
    attributes = (
        "<attributes><divisions>2</divisions><key><fifths>0</fifths></key>"
        "<time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
    )
    bars = [measure(0, attributes + note("G", 2))]
    bars += [measure(n, harmony("C", "major") + note("C", 6) + note("E", 2, tie="start")) for n in range(1, 5)]
    bars += [measure(n, harmony("G", "dominant") + note("E", 2, tie="stop") + note("B", 6)) for n in range(5, 9)]
    bars += [measure(9, harmony("A", "minor-seventh") + note("A", 8))]
    path = tmp_path / "tune.mxl"
    with zipfile.ZipFile(path, "w") as archive:
        text = f'<score-partwise><part id="P1">{"".join(bars)}</part></score-partwise>'
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("tune.xml", text)
    sheet = openewld.read_sheet(path, "tests/tune")
    assert sheet is not None
    assert (sheet.first_bar, sheet.length, sheet.meter) == (1.0, 37.0, "4/4")
    assert [chord.chord.harte for chord in sheet.chords[3:6]] == ["C:maj", "G:7", "G:7"]
    assert sheet.chords[-1].end == 37.0
    assert sheet.key == "A minor"  # no sharps, and it ends on A minor
    assert any(tied.end - tied.start == 2.0 for tied in sheet.notes)  # a tie over the bar line is one note


def test_folk_tunes_are_read_with_their_bars(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    write_midi(path, [(n, 72, 1) for n in range(27)], 120, (3, 4))
    write_midi(
        path, [(3 * n, pitch, 3) for n in range(9) for pitch in ((48, 52, 55), (55, 59, 62))[n % 2]], 120, (3, 4)
    )
    sheet = nottingham.read_sheet(path, "tests/tune")
    assert sheet is not None
    assert (sheet.meter, sheet.first_bar, sheet.length, sheet.key) == ("3/4", 0.0, 27.0, "C major")
    assert [chord.chord.harte for chord in sheet.chords[:2]] == ["C:maj", "G:maj"]


def test_text_patterns_are_read_with_their_accents() -> None:
    pattern = read_pattern("AC x-------x-------\n36 x-------x-------\n38 ----x-------x---", "test")
    assert pattern is not None
    assert {line.drum: line.steps for line in pattern.lines} == {
        "kick": "9.......9.......",
        "snare": "....7.......7...",
    }
    assert read_pattern("36 x-x-x-x-x-x-\n38 --x---x---x-", "twelve steps") is None
