import numpy as np
import numpy.typing as npt
import pytest

from musearoo.bridge.audio.rendering import SongPart, render_song
from musearoo.engines.audio.synthesis.loop_tail import RELEASE, wrap_tail
from musearoo.engines.errors import ParamError
from musearoo.engines.prompts.reading import read_prompt
from musearoo.engines.prompts.set_facts import SetFacts
from musearoo.engines.prompts.sketch import sketch
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES
from tests.engines.prompts.lexicon_on_disk import LEXICON

RATE = 44_100


def test_the_tail_wraps_around_to_the_beginning() -> None:
    sound = np.zeros((2, 3 * RELEASE), dtype=np.float32)
    sound[:, RELEASE : 2 * RELEASE] = 0.1
    looped = wrap_tail(sound, RELEASE)
    assert looped.shape == (2, RELEASE)
    assert looped.dtype == np.float32
    np.testing.assert_allclose(looped, 0.1)


def test_a_tone_that_never_stops_goes_round_without_a_click_at_the_seam_or_at_the_tails_end() -> None:
    frames = RATE
    tone = 0.4 * np.sin(2 * np.pi * 110.0 * np.arange(frames + RATE // 2) / RATE).astype(np.float32)
    tone *= np.linspace(1.0, 0.3, tone.size, dtype=np.float32)
    looped = wrap_tail(tone[None], frames)[0]
    steps = np.abs(np.diff(np.concatenate([looped, looped[:1]])))
    assert steps[-1] < 0.01
    assert steps.max() < 0.02


@each_case("length", [0, 10, 1000, 1001])
def test_the_length_is_exact_whatever_comes(length: int) -> None:
    sound = np.full((2, length), 0.25, dtype=np.float32)
    looped = wrap_tail(sound, 1000)
    assert looped.shape == (2, 1000)
    assert np.all(looped[:, min(length, 1000) :] == 0.0)


def test_what_adds_up_beyond_the_ceiling_is_turned_down_and_the_source_is_left_alone() -> None:
    sound = np.full((1, 10_000), 0.8, dtype=np.float32)
    looped = wrap_tail(sound, 4_000)
    assert np.abs(looped).max() == pytest.approx(0.89)
    assert np.all(sound == np.float32(0.8))
    with pytest.raises(ParamError, match="frames must be 1 or more, but was 0"):
        wrap_tail(sound, 0)


# At the seam of a loop whose first chord is struck on the one a stroke is heard; in the others nothing at all.
@each_case("text, share", [("pads", 0.7), ("electric piano", 0.1), ("organ", 0.1), ("bass", 0.1)])
def test_a_rendered_sketch_loops_with_less_of_a_click_than_its_own_strokes(text: str, share: float) -> None:
    plan = sketch(read_prompt(f"only {text}", LEXICON), SetFacts(bpm=141.7), 2, 1, STYLES)
    parts = [SongPart(part.name, part.clip, part.program, part.role) for part in plan.parts]
    rendering = render_song(parts, plan.bpm, 22_050, "own", mix=plan.style.mix)
    frames = round(plan.seconds * 22_050)

    def click(looped: npt.NDArray[np.float32]) -> tuple[float, float]:
        """How sharply the wave bends at the seam, and at most anywhere."""
        bends = np.abs(np.diff(np.concatenate([looped, looped], axis=1), 2, axis=1)).max(axis=0)
        return float(bends[frames - 4 : frames + 2].max()), float(bends.max())

    seam, most = click(wrap_tail(rendering.samples, frames))
    assert seam < share * most
    assert seam < click(rendering.samples[:, :frames])[0]
