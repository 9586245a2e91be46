"""The small synthesiser: on time, in tune, and as long as it says."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.engines.audio.synthesis.stem import RATE
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.tools.studio.synthesiser import Sounding, render_notes, render_parts, write_wave
from tests.each_case import each_case


@each_case("pitch", [36, 38, 42, 46, 45, 49, 51])
def test_a_stroke_sounds_when_it_is_struck_and_dies_away(pitch: int) -> None:
    sound = np.abs(render_notes([Sounding("drums", 0.5, 0.1, pitch, 110.0)], 2.0)[0])
    assert abs(int((sound > 0.1 * sound.max()).argmax()) / RATE - 0.5) < 0.004
    assert sound[: RATE // 2].max() == 0.0
    assert sound[-RATE // 10 :].max() < 0.1 * sound.max()


@each_case("part, pitch", [("bass", 40), ("keys", 60), ("lead", 76)])
def test_a_tone_has_its_pitch(part: str, pitch: int) -> None:
    sound = render_notes([Sounding(part, 0.0, 1.0, pitch, 100.0)], 1.0)[0]
    strengths = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    heard = float(strengths.argmax()) * RATE / sound.size
    assert heard == pytest.approx(440.0 * 2 ** ((pitch - 69) / 12), rel=0.02)


def test_a_loop_is_as_long_as_its_bars_and_rings_on_into_its_beginning() -> None:
    clip = Clip.of("keys", 4.0, [Note(3.5, 60, 0.5, 100.0)])
    plain, loop = (render_parts({"keys": clip}, 120.0, loop=loop) for loop in (False, True))
    assert loop.shape == (2, 2 * RATE)
    assert plain.shape[1] > loop.shape[1]
    assert np.abs(loop[:, :500]).max() > 0.01
    assert np.abs(plain[:, :500]).max() == 0.0


def test_louder_notes_are_louder_and_nothing_clips() -> None:
    soft, loud = (render_notes([Sounding("bass", 0.0, 1.0, 40, v)], 1.0) for v in (40.0, 100.0))
    assert np.abs(loud).max() > 2 * np.abs(soft).max()
    crowd = [Sounding("keys", 0.0, 1.0, pitch, 127.0) for pitch in range(40, 90)]
    assert np.abs(render_notes(crowd, 1.0)).max() <= 0.9001


def test_notes_beyond_either_end_are_left_out_or_cut() -> None:
    assert np.abs(render_notes([Sounding("keys", 5.0, 1.0, 60, 100.0)], 1.0)).max() == 0.0
    assert np.abs(render_notes([Sounding("keys", -0.2, 1.0, 60, 100.0)], 1.0)[:, 0]).max() >= 0.0


def test_the_same_notes_give_the_same_file(tmp_path: Path) -> None:
    notes = [Sounding("drums", 0.0, 0.1, 38, 100.0)]
    first, second = (write_wave(tmp_path / f"{n}.wav", render_notes(notes, 0.5)) for n in range(2))
    assert first.read_bytes() == second.read_bytes()
    assert soundfile.info(first).subtype == "PCM_24"
