"""Second voices and four parts: in the key and on the chords, under the tune, and playable."""

from __future__ import annotations

from itertools import pairwise

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.jam.harmonising import LOWEST, VOICES, Voices, harmonise_phrase
from musearoo.engines.improvisation.jam.phrase import Phrase, chords_under
from musearoo.engines.improvisation.jam.responding import ResponseRequest, respond
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.progression import chord_at
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.players.harmony.playability import find_chord_faults
from musearoo.engines.players.harmony.voice_leading import has_parallels
from musearoo.engines.players.melody.engine import MelodyParams
from tests.each_case import each_case
from tests.engines.improvisation.jam.phrases import BLUES, CHORDS, DRUMS, FOLK, LOW, OPEN, TUNES, line, phrase
from tests.engines.presets_on_disk import STYLES


def plain(call: Phrase) -> MelodyParams:
    return MelodyParams(style=STYLES["pop"], bars=round(call.clip.bars), humanise=0.0, swing=1.0)


def onsets(clip: Clip) -> list[tuple[int, ...]]:
    """The pitches of what is struck together, ascending."""
    found: dict[float, list[int]] = {}
    for note in clip.notes:
        found.setdefault(note.start, []).append(note.pitch)
    return [tuple(sorted(pitches)) for _, pitches in sorted(found.items())]


@each_case("voices", VOICES)
@each_case("name", TUNES)
def test_added_voices_stay_under_the_tune_and_can_be_played(name: str, voices: Voices) -> None:
    tune = TUNES[name]
    added = harmonise_phrase(tune, voices, plain(tune))
    assert added.notes
    assert added.length == tune.clip.length
    for note in added.notes:
        above = [other.pitch for other in tune.clip.notes if other.start < note.end - 1e-9 and other.end > note.start]
        assert all(note.pitch < pitch for pitch in above)
    both = sorted((*added.notes, *tune.clip.notes), key=lambda note: (note.start, note.pitch))
    assert find_chord_faults(both, tune.context.bpm) == ()


@each_case("voices, sweet", [("thirds", {3, 4}), ("sixths", {8, 9})])
def test_a_second_voice_moves_with_the_tune_mostly_in_its_interval(voices: Voices, sweet: set[int]) -> None:
    scale = phrase(line(72, 74, 76, 77, 79, 77, 76, 74), 1, key="C", chords="C")
    second = harmonise_phrase(scale, voices, plain(scale))
    assert [note.start for note in second.notes] == [note.start for note in scale.clip.notes]
    assert [note.duration for note in second.notes] == [note.duration for note in scale.clip.notes]
    apart = [over.pitch - under.pitch for over, under in zip(scale.clip.notes, second.notes, strict=True)]
    assert sum(interval in sweet for interval in apart) >= 5
    assert all(interval % 12 in {3, 4, 5, 7, 8, 9} for interval in apart)
    assert all(note.pitch % 12 in {0, 2, 4, 5, 7, 9, 11} for note in second.notes)


@each_case("name", ["open", "closed", "folk"])
def test_four_parts_are_the_chords_without_parallels(name: str) -> None:
    tune = TUNES[name]
    params = plain(tune)
    added = harmonise_phrase(tune, "four parts", params)
    spans = chords_under(tune, params)
    full = []
    for under in onsets(added):
        assert len(under) == 3
        assert under[0] >= LOWEST
    for note in added.notes:
        chord = chord_at(spans, note.start)
        assert chord is not None
        # A tune that rubs against the third has it left out, so the fourth may stand in its place.
        assert note.pitch % 12 in (*chord.pitch_classes, (chord.root + 5) % 12, (chord.root + 2) % 12)
    for start in sorted({note.start for note in added.notes}):
        over = max(note.pitch for note in tune.clip.notes if note.start == start)
        full.append((*sorted(note.pitch for note in added.notes if note.start == start), over))
    assert not any(has_parallels(before, after) for before, after in pairwise(full))


def test_chords_are_harmonised_by_their_top_notes_and_a_low_line_by_as_many_as_fit() -> None:
    second = harmonise_phrase(CHORDS, "thirds", plain(CHORDS))
    assert [note.start for note in second.notes] == [0.0, 4.0, 8.0, 12.0]
    assert all(note.pitch < 67 for note in second.notes)
    under = harmonise_phrase(LOW, "four parts", plain(LOW))
    assert all(note.pitch >= LOWEST for note in under.notes)


def test_a_pentatonic_tune_gets_thirds_and_no_fourths() -> None:
    pentatonic = phrase(line(69, 72, 74, 76, 79, 76, 74, 72), 1, key="A minor pentatonic", chords="Am")
    second = harmonise_phrase(pentatonic, "thirds", plain(pentatonic))
    apart = [over.pitch - under.pitch for over, under in zip(pentatonic.clip.notes, second.notes, strict=True)]
    assert sum(interval in {3, 4} for interval in apart) >= 4


def test_the_voices_keep_the_players_timing_and_are_softer() -> None:
    late = phrase(tuple((start + 0.03, 0.4, pitch) for start, _, pitch in line(72, 74, 76, 77)), 1, key="C")
    second = harmonise_phrase(late, "thirds", plain(late))
    assert [note.start for note in second.notes] == [note.start for note in late.clip.notes]
    assert all(note.velocity < 88.0 for note in second.notes)


def test_drums_cannot_be_harmonised_and_manners_have_names() -> None:
    ask = ResponseRequest(STYLES["pop"])
    with pytest.raises(ParamError, match="phrase must be a tune, to be harmonised"):
        respond(find_engine("melodyroo"), "thirds", DRUMS, ask, 0)
    with pytest.raises(ParamError, match="manner must be one of answer"):
        respond(find_engine("melodyroo"), "louder", OPEN, ask, 0)  # type: ignore[arg-type]
    for tune in (BLUES, FOLK):
        assert respond(find_engine("harmonyroo"), "sixths", tune, ask, 0).notes
