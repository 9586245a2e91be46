"""`musearoo song` and `musearoo refine`: the files they write, what they report, and what they refuse in one line."""

import json
from pathlib import Path

import mido  # type: ignore[import-untyped]
import pytest
import soundfile

from musearoo.bridge.cli import main
from musearoo.engines.music.midi_files.song import decode_midi_file
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of, wrong_value_of

__all__ = ["home"]


def test_a_song_is_reported_in_the_shape_of_the_contract(capsys: Output, tmp_path: Path) -> None:
    report = report_of(capsys, "song", "--style=funk", "--seconds=45", "--seed=3", "--key=D minor", f"--out={tmp_path}")
    assert set(report) >= {"style", "form", "bpm", "key", "parts", "chords", "ms"}
    assert (report["style"], report["key"], report["seed"]) == ("funk", "D minor", 3)
    bars = sum(bars for _, bars in report["form"])
    assert bars * 4 * 60 / report["bpm"] == pytest.approx(report["seconds"], abs=0.01)
    assert report["seconds"] == pytest.approx(45, abs=16)
    for name, path in report["parts"].items():
        song = decode_midi_file(Path(path).read_bytes())
        assert list(song.parts) == [name]
        assert next(iter(song.parts.values())).length <= bars * 4
    whole = decode_midi_file(Path(report["files"]["song"]).read_bytes())
    assert list(whole.parts) == list(report["parts"])
    beats = [beat for beat, _ in report["chords"]]
    assert beats == sorted(beats)
    assert beats[0] == 0
    markers = [message.text for message in mido.MidiFile(report["files"]["song"]).tracks[0] if message.type == "marker"]
    assert markers == [name for name, _ in report["form"]]
    assert json.loads((tmp_path / "report.json").read_text())["form"] == report["form"]


def test_the_same_seed_is_the_same_song(capsys: Output, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        report_of(capsys, "song", "--style=house", "--seconds=30", "--seed=5", f"--out={tmp_path / folder}")
    assert (tmp_path / "a" / "song.mid").read_bytes() == (tmp_path / "b" / "song.mid").read_bytes()


def test_a_song_can_be_rendered(capsys: Output, tmp_path: Path) -> None:
    report = report_of(capsys, "song", "--style=ambient", "--seconds=15", "--seed=1", "--wav", f"--out={tmp_path}")
    sound, rate = soundfile.read(report["files"]["wav"])
    assert len(sound) / rate >= report["seconds"]
    assert 0.05 < abs(sound).max() <= 1.0
    assert report["rendered_by"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--style=polka"], "style must be one of"),
        (["--form=fugue"], "form must be"),
        (["--mood=purple"], "mood must be"),
        (["--key=H"], "key must be"),
        (["--time-signature=4/5"], "meter must be"),
    ],
)
def test_an_invalid_song_is_reported_in_one_line(
    arguments: list[str], words: str, capsys: Output, tmp_path: Path
) -> None:
    assert words in wrong_value_of(capsys, "song", *arguments, f"--out={tmp_path / 'song'}")
    assert not (tmp_path / "song").exists()


def test_lengths_out_of_bounds_are_wrong_usage(capsys: Output, tmp_path: Path) -> None:
    assert "15..600" in usage_of(capsys, "song", "--seconds=5", f"--out={tmp_path}")


@pytest.fixture
def two_parts(capsys: Output, tmp_path: Path) -> Path:
    """A file with a song's parts in it."""
    report_of(capsys, "song", "--style=rock", "--seconds=20", "--seed=2", f"--out={tmp_path / 'song'}")
    return tmp_path / "song" / "song.mid"


def test_a_part_is_refined_into_a_file(capsys: Output, tmp_path: Path, two_parts: Path) -> None:
    out = tmp_path / "busier.mid"
    report = report_of(
        capsys,
        "refine",
        str(two_parts),
        "--part=drums",
        "--change=busier",
        "--style=rock",
        "--seed=4",
        f"--out={out}",
    )
    before = decode_midi_file(two_parts.read_bytes()).parts["drums"]
    after = decode_midi_file(out.read_bytes()).parts["drums"]
    assert (report["engine"], report["part"], report["style"]) == ("drummaroo", "drums", "rock")
    assert len(after) == len(report["notes"]) > len(before)


def test_a_groove_is_taken_from_another_file(capsys: Output, two_parts: Path) -> None:
    plain = ("refine", str(two_parts), "--part=bass", "--seed=4")
    still = report_of(capsys, *plain, f"--groove-of={two_parts}", "--groove-amount=0")["notes"]
    moved = report_of(capsys, *plain, f"--groove-of={two_parts}", "--groove-amount=1")["notes"]
    assert [pitch for _, pitch, *_ in still] == [pitch for _, pitch, *_ in moved]
    assert still != moved


def test_without_json_the_part_is_drawn(capsys: Output, two_parts: Path) -> None:
    assert main(["refine", str(two_parts), "--part=drums", "--change=darker"]) == 0
    assert "DrummaRoo" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "several parts: say which with --part"),
        (["--part=kazoo"], "no part 'kazoo'"),
        (["--part=drums", "--change=busier", "--bars=five"], "--bars takes"),
        (["--part=drums", "--change=busier", "--bars=8-5"], "a last one not before it, not '8-5'"),
        (["--part=drums", "--groove-of=/no/such.mid"], "such.mid cannot be read"),
    ],
)
def test_an_invalid_refinement_is_reported_in_one_line(
    arguments: list[str], words: str, capsys: Output, two_parts: Path
) -> None:
    assert words in failure_of(capsys, "refine", str(two_parts), *arguments)


def test_what_is_no_such_change_is_wrong_usage(capsys: Output, two_parts: Path) -> None:
    drums = ("refine", str(two_parts), "--part=drums")
    assert "change must be of again" in wrong_value_of(capsys, *drums, "--change=purpler")
    assert "bars must be within" in wrong_value_of(capsys, *drums, "--change=busier", "--bars=900-901")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing is to be changed: name it with --change"),
        (["--change=, "], "nothing is to be changed"),
        (["--bars=2-3"], "nothing is to be changed"),
        (["--change=groove of track 2"], "tracks are Live's, name a MIDI file with --groove-of"),
        (["--change=sound of track 2"], "tracks are Live's, and a MIDI file has no instruments"),
        (["--change=busier", "--out=busier.wav"], "it must end in .mid, unlike 'busier.wav'"),
    ],
)
def test_what_would_change_nothing_is_wrong_usage(
    arguments: list[str], words: str, capsys: Output, two_parts: Path
) -> None:
    assert words in usage_of(capsys, "refine", str(two_parts), "--part=drums", *arguments)
