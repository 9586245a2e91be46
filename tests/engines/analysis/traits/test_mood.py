"""Moods from cues, and the words for them."""

from musearoo.engines.analysis.traits.mood import MOST_CONFIDENCE, MoodCues, find_mood
from tests.each_case import each_case


def test_no_cues_no_mood() -> None:
    assert find_mood(MoodCues()) is None


@each_case(
    "cues, valence, arousal, words",
    [
        (MoodCues(mode=-1.0, bpm=60.0, energy=0.2), -1, -1, ("minor key", "slow", "calm and soft")),
        (MoodCues(mode=1.0, bpm=170.0, energy=0.9), 1, 1, ("major key", "loud and full", "fast")),
        (MoodCues(mode=-1.0, bpm=170.0, energy=0.9, dissonance=0.5), -1, 1, ("minor key", "loud and full")),
    ],
)
def test_signs_and_reasons(cues: MoodCues, valence: int, arousal: int, words: tuple[str, ...]) -> None:
    mood = find_mood(cues)
    assert mood is not None
    assert mood.valence * valence > 0.2
    assert mood.arousal * arousal > 0.2
    assert mood.because[: len(words)] == words


def test_what_is_as_usual_is_not_named() -> None:
    mood = find_mood(MoodCues(bpm=105.0, energy=0.5, onsets_per_second=4.5))
    assert mood is not None
    assert (mood.valence, mood.arousal, mood.because) == (0.0, 0.0, ())


def test_more_cues_are_more_sure_and_extremes_stay_in_bounds() -> None:
    few = find_mood(MoodCues(bpm=300.0))
    many = find_mood(MoodCues(1.0, 300.0, 1.0, 20.0, 1.0, 0.0, 120.0))
    assert few is not None
    assert many is not None
    assert few.confidence < many.confidence <= MOST_CONFIDENCE
    assert -1.0 <= many.valence <= 1.0
    assert many.arousal == 1.0
