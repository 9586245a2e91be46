"""Writing sets: which soundfont is heard where, and that sound and truth belong together."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import soundfile

from musearoo.tools.bench.corpora.piece import Part, cut
from musearoo.tools.bench.corpora.stems import divide, stem_path
from musearoo.tools.workshop.corpora.__main__ import main
from musearoo.tools.workshop.corpora.colour import add_noise, add_room, compress, normalise, tilt
from musearoo.tools.workshop.corpora.fluidsynth import RenderError, Voice, midi_file, render
from musearoo.tools.workshop.corpora.sets import choose_font, resample, write_excerpt, write_set
from tests.tools.bench.corpora.pieces import four_bars

FONTS = [Path("FluidR3_GM.sf2"), Path("MuseScore_General_Lite.sf3")]
INSTALLED = [path for path in (Path("/usr/share/sounds/sf2/TimGM6mb.sf2"),) if path.exists()]


def clicks(rate: int = 44_100) -> np.ndarray:
    """A second of silence with a click at .25 and .5 s."""
    audio = np.zeros((2, rate), np.float32)
    audio[:, [rate // 4, rate // 2]] = 1.0
    return audio


def test_the_held_back_soundfont_is_heard_in_no_other_split() -> None:
    chance = Random(1)
    for split in ("train", "dev"):
        assert {choose_font(FONTS, split, "pop", number, chance).name for number in range(20)} == {"FluidR3_GM.sf2"}
    assert {choose_font(FONTS, "held", "drums", number, chance) for number in range(20)} == {FONTS[1]}
    assert {choose_font(FONTS, "held", "pop", number, chance) for number in range(20)} == set(FONTS)
    with pytest.raises(ValueError, match="no soundfont"):
        choose_font(FONTS[1:], "dev", "pop", 0, chance)


def test_tape_speed_moves_sound_and_truth_together() -> None:
    piece = cut(four_bars(), 0.0, 1.0, "second")
    audio, changed, cents = resample(clicks(), piece, 40.0)
    assert cents == pytest.approx(40.0, abs=0.5)
    assert changed.duration == pytest.approx(audio.shape[1] / 44_100, abs=1e-4)
    first = int((np.abs(audio[0]) > 0.5).argmax()) / 44_100
    assert first / changed.duration == pytest.approx(0.25, abs=1e-3)
    assert changed.beats[1] / changed.duration == pytest.approx(0.5, abs=1e-3)


def test_colours_leave_times_where_they_are() -> None:
    audio = clicks()
    for changed in (
        tilt(audio, 44_100, -3.0),
        compress(audio, 44_100, 3.0),
        add_room(audio, 44_100, 0.3, -20.0, 1),
        add_noise(audio, -50.0, 1),
        normalise(audio, -6.0),
    ):
        assert changed.shape == audio.shape
        assert changed.dtype == np.float32
        assert int(np.abs(changed[0, : 44_100 // 3]).argmax()) == 44_100 // 4


def test_more_parts_than_midi_has_channels_are_refused() -> None:
    crowd = replace(four_bars(), parts=tuple(Part(f"part {number}", 0) for number in range(16)))
    with pytest.raises(RenderError, match="channels for 15"):
        midi_file(crowd, 0.0)


def test_a_missing_corpus_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["render", "--corpora", str(tmp_path), "--soundfonts", str(tmp_path), "--out", str(tmp_path)]
    assert main([*arguments, "--split", "dev", "--kind", "drums", "--count", "1"]) == 1
    assert "info.csv" in capsys.readouterr().err


def test_stems_are_the_piece_taken_apart(tmp_path: Path) -> None:
    piece = four_bars()
    stems = divide(piece)
    assert list(stems) == ["drums", "bass"]  # nothing else is played
    assert stems["drums"].strokes == piece.strokes
    assert not stems["drums"].tones
    assert stems["bass"].tones == piece.tones
    assert not stems["bass"].strokes
    with pytest.raises(ValueError, match="train is coloured as a whole"):
        write_set("pop", "train", 1, 1, tmp_path, FONTS, tmp_path, with_stems=True)


@pytest.mark.skipif(not INSTALLED or shutil.which("fluidsynth") is None, reason="needs fluidsynth and TimGM6mb")
def test_strokes_sound_when_the_truth_says(tmp_path: Path) -> None:
    piece = cut(four_bars(bpm=100.0), 0.5, 4.5, "excerpt")
    audio = render(piece, Voice(INSTALLED[0], reverb=False))
    assert audio.shape == (2, 4 * 44_100)
    envelope = np.abs(audio).max(axis=0)
    for time in (stroke.time for stroke in piece.strokes if 0.1 < stroke.time < 3.9 and stroke.pitch == 38):
        start = round(time * 44_100)
        before, after = envelope[start - 441 : start - 44].max(), envelope[start : start + 441].max()
        assert after > 1.5 * before
    target = tmp_path / "drums" / "excerpt.flac"
    target.parent.mkdir()
    write_excerpt(piece, "dev", Random(5), INSTALLED, target, with_stems=True)
    samples, rate = soundfile.read(target, always_2d=True)
    stems = [soundfile.read(stem_path(target, name), always_2d=True)[0] for name in ("drums", "bass")]
    assert np.abs(sum(stems) - samples).max() < 2.0**-15
    truth = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    assert len(samples) / rate == pytest.approx(truth["duration"], abs=1e-3)
    assert truth["beats"][0] == pytest.approx(0.1)
