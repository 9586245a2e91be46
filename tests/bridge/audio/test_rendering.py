"""Songs to sound: who renders, what is said of it, and what happens where fluidsynth is missing or fails."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.rendering import OWN, SongPart, find_soundfont, render_song, write_rendering
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.midi_files.song import decode_midi_file, encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.styles.mix import MixStyle

BEAT = Clip("beat", 4.0, tuple(Note(float(beat), (36, 38)[beat % 2], 0.25, 100.0) for beat in range(4)))
CHORD = Clip("chord", 4.0, tuple(Note(0.0, pitch, 4.0, 80.0) for pitch in (60, 64, 67)))
PARTS = (SongPart("drums", BEAT, None), SongPart("pad", CHORD, 89, "atmosphere"))


@pytest.fixture
def no_soundfonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with nothing in it, on a system without soundfonts."""
    monkeypatch.setenv("MUSEAROO_HOME", str(tmp_path))
    monkeypatch.setattr("musearoo.bridge.audio.rendering.FOLDERS", ())
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "soundfonts").mkdir()
    return tmp_path / "soundfonts"


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Puts a program of the name fluidsynth in front of all others, whose body is Python."""
    if os.name == "nt":
        pytest.skip("a script cannot stand in for a program on Windows")
    program = folder / "fluidsynth"
    program.write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_our_own_renders_a_song_and_says_so() -> None:
    rendering = render_song(PARTS, 120.0, renderer="own")
    assert rendering.renderer == OWN
    assert rendering.samples.dtype == np.float32
    assert rendering.samples.shape[1] >= 2 * rendering.rate
    assert 0.05 < np.abs(rendering.samples).max() <= 0.8901


@pytest.mark.usefixtures("no_soundfonts")
def test_without_a_soundfont_ours_plays_and_the_label_says_why() -> None:
    rendering = render_song(PARTS, 120.0)
    assert rendering.renderer.startswith(OWN)
    assert "fluidsynth is not installed" in rendering.renderer or "no soundfont was found" in rendering.renderer
    with pytest.raises(EngineError, match=r"not installed|no soundfont"):
        render_song(PARTS, 120.0, renderer="fluidsynth")


def test_a_failing_fluidsynth_leaves_it_to_ours(
    no_soundfonts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (no_soundfonts / "Any.sf2").write_bytes(b"RIFF")
    stand_in(tmp_path, monkeypatch, "sys.exit('fluidsynth: error: not a SoundFont')")
    rendering = render_song(PARTS, 120.0)
    assert rendering.renderer.startswith(OWN)
    assert "not a SoundFont" in rendering.renderer
    with pytest.raises(EngineError, match="did not play the song: fluidsynth: error: not a SoundFont"):
        render_song(PARTS, 120.0, renderer="fluidsynth")


def test_fluidsynth_is_given_the_song_and_the_font(
    no_soundfonts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (no_soundfonts / "Any.sf2").write_bytes(b"RIFF")
    (no_soundfonts / "TimGM6mb.sf2").write_bytes(b"RIFF")
    assert find_soundfont() == no_soundfonts / "TimGM6mb.sf2"
    script = f"""
if sys.argv[1] == '--version':
    print('FluidSynth runtime version 9.9')
else:
    import shutil
    shutil.copy(sys.argv[-1], {str(tmp_path / "seen.mid")!r})
    assert sys.argv[-2].endswith('TimGM6mb.sf2')
    shutil.copy({str(tmp_path / "tone.wav")!r}, sys.argv[sys.argv.index('-F') + 1])
"""
    soundfile.write(tmp_path / "tone.wav", np.full((100, 2), 0.99), 44_100)
    stand_in(tmp_path, monkeypatch, script)
    rendering = render_song(PARTS, 96.0, renderer="fluidsynth")
    assert rendering.renderer == "fluidsynth 9.9 with TimGM6mb.sf2"
    assert np.abs(rendering.samples).max() == pytest.approx(0.89, abs=1e-4)
    seen = decode_midi_file((tmp_path / "seen.mid").read_bytes())
    assert seen.bpm == pytest.approx(96.0)
    assert [len(clip) for clip in seen.parts.values()] == [4, 3]
    assert len(seen.drums) == 1


def test_fluidsynth_plays_a_part_at_a_time_where_it_is_to_be_mixed(
    no_soundfonts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (no_soundfonts / "Any.sf2").write_bytes(b"RIFF")
    script = f"""
if sys.argv[1] != '--version':
    import shutil
    assert '-R' in sys.argv
    with open({str(tmp_path / "runs.txt")!r}, 'a') as runs:
        runs.write('run ')
    shutil.copy({str(tmp_path / "tone.wav")!r}, sys.argv[sys.argv.index('-F') + 1])
"""
    tone = 0.2 * np.sin(np.arange(88_200) * 0.05)
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, tone], axis=1), 44_100)
    stand_in(tmp_path, monkeypatch, script)
    rendering = render_song(PARTS, 120.0, renderer="fluidsynth", mix=MixStyle(), sections=(("Verse", 0.0, 4.0),))
    assert (tmp_path / "runs.txt").read_text() == "run run "
    assert rendering.mix is not None
    before, after = ({row.name: row.before for row in rendering.mix.report.tracks}, rendering.mix.report.tracks)
    assert before["drums"] == pytest.approx(before["pad"], abs=0.1)
    assert after[0].after > after[1].after + 5.0
    assert [section.name for section in rendering.mix.report.sections] == ["Verse"]


@pytest.mark.skipif(shutil.which("fluidsynth") is None or find_soundfont() is None, reason="needs fluidsynth")
def test_the_real_fluidsynth_plays() -> None:
    rendering = render_song(PARTS, 120.0, renderer="fluidsynth")
    assert rendering.renderer.startswith("fluidsynth")
    assert rendering.samples.shape[0] == 2
    assert 0.01 < np.abs(rendering.samples).max() <= 0.8901


def test_a_part_plays_its_messages() -> None:
    assert bytes((0xC0, 52)) in encode_midi_file({"pad": CHORD}, programs={"pad": 52})
    assert bytes((0xC0, 4)) in encode_midi_file({"harmony": CHORD}, programs={"pad": 52})


def test_a_song_is_mixed_where_a_style_is_given() -> None:
    plain, mixed = (render_song(PARTS, 120.0, renderer="own", mix=mix) for mix in (None, MixStyle()))
    assert plain.mix is None
    assert mixed.mix is not None
    assert mixed.renderer == f"{OWN}, mixed by MixAroo"
    assert [row.name for row in mixed.mix.report.tracks] == ["drums", "pad"]
    assert np.abs(mixed.samples).max() <= 0.8901
    assert not np.array_equal(plain.samples, mixed.samples)


def test_nothing_to_play_is_refused() -> None:
    with pytest.raises(ParamError, match="at least one part"):
        render_song((), 120.0)


def test_the_file_is_what_was_rendered(tmp_path: Path) -> None:
    rendering = render_song(PARTS, 120.0, renderer="own")
    path = write_rendering(rendering, tmp_path / "song.wav")
    samples, rate = soundfile.read(path)
    assert rate == rendering.rate
    assert np.abs(samples.T - rendering.samples).max() < 1e-5
    with pytest.raises(EngineError, match="cannot be written"):
        write_rendering(rendering, tmp_path / "no folder" / "song.wav")
