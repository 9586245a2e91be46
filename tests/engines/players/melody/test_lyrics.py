"""Lyrics: every syllable has a note, stress meets strong beats, rhymes close alike."""

from __future__ import annotations

from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.melody.engine import MelodyParams, generate, set_words
from musearoo.engines.players.melody.syllables import MAIN, rhyme_of, split_word, syllables_of
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

SONG = MusicalContext.plain(bpm=96, key="C", chords="C | G | Am | F | C | G | F | C")
TEXT = """I saw you standing by the river
the moon was shining in your eyes
you told me this would be forever
but now we only say goodbyes"""

WORDS = {
    "love": 1, "walked": 1, "wanted": 2, "tonight": 2, "every": 2, "beautiful": 3, "celebration": 4, "little": 2,
    "horses": 2, "lonely": 2, "movement": 2, "creation": 3, "the": 1, "rhythm": 2, "table": 2, "miles": 1,
    "moonlight": 2, "remember": 3, "yesterday": 3, "electricity": 5, "situation": 4, "station": 2, "queen": 1,
}  # fmt: skip
STRESSED = {
    "tonight": 1,
    "celebration": 2,
    "river": 0,
    "remember": 1,
    "away": 1,
    "lonely": 0,
    "electric": 1,
    "engineer": 2,
}


def params(text: str = TEXT, **fields: object) -> MelodyParams:
    return MelodyParams(style=STYLES["pop"], humanise=0.0, swing=1.0, lyrics=text, **fields)  # type: ignore[arg-type]


@each_case("word, count", WORDS.items())
def test_words_have_their_syllables(word: str, count: int) -> None:
    assert len(split_word(word)) == count
    assert "".join(syllable.text for syllable in split_word(word)) == word


@each_case("word, place", STRESSED.items())
def test_the_stress_falls_where_it_is_spoken(word: str, place: int) -> None:
    assert [syllable.stress == MAIN for syllable in split_word(word)].index(True) == place


def test_small_words_are_light_and_lines_are_kept_apart() -> None:
    lines = syllables_of("The fire, the rain!\n\n and - 2 me / it's over")
    assert [[syllable.text for syllable in line] for line in lines] == [
        ["the", "fire", "the", "rain"],
        ["and", "2", "me"],
        ["it's", "o", "ver"],
    ]
    assert [syllable.stress for syllable in lines[0]] == [0, MAIN, 0, MAIN]


def test_rhyming_lines_close_alike() -> None:
    lines = syllables_of(TEXT)
    assert rhyme_of(lines[1]) == rhyme_of(lines[3]) != rhyme_of(lines[0])
    for one, other in (("night", "light"), ("day", "they"), ("rain", "again"), ("fire", "desire"), ("alone", "stone")):
        assert rhyme_of(syllables_of(one)[0]) == rhyme_of(syllables_of(other)[0])
    for one, other in (("night", "day"), ("love", "light"), ("home", "time")):
        assert rhyme_of(syllables_of(one)[0]) != rhyme_of(syllables_of(other)[0])


def test_every_note_has_its_syllable_in_order() -> None:
    for seed in range(4):
        sung = set_words(params(), SONG, seed)
        clip = generate(params(), SONG, seed)
        assert [note.pitch for note in clip.notes] == [each.tone.pitch for each in sung]
        words = [each.syllable for each in sung if not each.goes_on]
        assert words == [syllable for line in syllables_of(TEXT) for syllable in line]


def test_stressed_syllables_fall_on_the_beat() -> None:
    sung = [each for each in set_words(params(), SONG, 1) if not each.goes_on]
    stressed = [each.tone.at % 1.0 == 0.0 for each in sung if each.syllable.stress == MAIN]
    light = [each.tone.at % 1.0 == 0.0 for each in sung if each.syllable.stress == 0]
    assert sum(stressed) / len(stressed) > 0.9
    assert sum(light) / len(light) < 0.5


def test_a_line_is_a_phrase_in_bars_of_its_own() -> None:
    sung = [each for each in set_words(params(), SONG, 2) if not each.goes_on]
    counts = [len(line) for line in syllables_of(TEXT)]
    first = 0
    for number, count in enumerate(counts):
        line = sung[first : first + count]
        assert number * 8.0 - 2.0 <= line[0].tone.at
        assert line[-1].tone.at + line[-1].tone.length <= (number + 1) * 8.0 - 0.4
        first += count


def test_the_text_closes_on_the_tonic_and_repeats_in_a_longer_take() -> None:
    sung = set_words(params(bars=16), SONG, 3)
    assert sung[-1].tone.pitch % 12 == 0
    again = [each.syllable.text for each in sung if not each.goes_on]
    assert len(again) in (34, 68)


def test_no_words_are_no_lyrics() -> None:
    assert set_words(params(" \n / … "), SONG, 1) == ()
    assert generate(params(" \n"), SONG, 1) == generate(params(""), SONG, 1)


@each_case("meter", ["4/4", "3/4", "6/8", "7/8", "1/16", "15/16"])
@each_case("bars", [1, 5, 64])
def test_any_text_fits_any_meter(meter: str, bars: int) -> None:
    context = MusicalContext.plain(bpm=200, meter=meter, key="Am", chords="Am | E7")
    for text in ("la", "ß été 你好 supercalifragilisticexpialidocious", "go " * 90 + "\nstop"):
        clip = generate(params(text, bars=bars), context, 1)
        assert len(clip.notes) == len(set_words(params(text, bars=bars), context, 1)) > 0
        assert all(note.end <= clip.length + 1e-9 for note in clip.notes)
