import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.engines.errors import ParamError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.prompts.cleaning import LONGEST, clean_prompt, is_foreign
from musearoo.engines.prompts.model_text import USUAL, Prompt, assemble
from musearoo.engines.prompts.set_facts import SetFacts
from tests.each_case import each_case
from tests.engines.prompts.lexicon_on_disk import LEXICON
from tests.engines.prompts.prompts import PROMPTS

FUNK_SET = SetFacts(bpm=104.0, meter=Meter(), key=Key(2, "Minor"), style="funk", playing=("drums", "bass"), bars=8)
NOTHING = SetFacts()


def messages(text: str, facts: SetFacts = FUNK_SET, follow: bool = True) -> Prompt:
    return assemble(text, facts, follow, LEXICON)


@each_case(
    "text, facts, follow, expected",
    [
        ("warm dub bass", FUNK_SET, True, "warm dub bass. key: d minor. bpm: 104.0"),
        ("warm bass.", FUNK_SET, True, "warm bass. key: d minor. bpm: 104.0. genre: funk"),
        ("warm bass", FUNK_SET, False, "warm bass. key: d minor. bpm: 104.0"),
        ("warm bass", NOTHING, True, "warm bass"),
        ("techno in F# minor at 132 bpm", NOTHING, False, "techno. key: f# minor. bpm: 132.0"),
        ("techno in F# minor at 132 bpm", FUNK_SET, False, "techno. key: d minor. bpm: 104.0"),
        ("", FUNK_SET, True, "funk with drums and bass. key: d minor. bpm: 104.0"),
        ("", FUNK_SET, False, f"{USUAL}. key: d minor. bpm: 104.0"),
        ("", NOTHING, True, USUAL),
        ("", SetFacts(playing=("harmony", "slap bass")), True, "chords and slap bass"),
        ("90 bpm", SetFacts(style="reggae"), True, "reggae. bpm: 90.0"),
        ("piano", SetFacts(meter=Meter(6, 8)), False, "piano, in 6/8"),
        ("slow waltz in 3/4", SetFacts(meter=Meter(6, 8)), False, "slow waltz, in 6/8"),
        ("slow waltz in 3/4", SetFacts(meter=Meter(3, 4)), False, "slow waltz in 3/4"),
        ("", SetFacts(meter=Meter(6, 8), style="folk"), True, "folk, in 6/8"),
        ("in 6/8", NOTHING, False, f"{USUAL}, in 6/8"),
        ("piano", SetFacts(key=Key(2, "Dorian")), False, "piano. key: d minor"),
        ("piano", SetFacts(key=Key(10, "Lydian")), False, "piano. key: bb major"),
        ("piano", SetFacts(key=Key(0, "Whole Tone")), False, "piano. key: c major"),
        ("piano", SetFacts(key=Key(0, "In-Sen")), False, "piano. key: c"),
        ("爵士钢琴", FUNK_SET, True, "jazz piano. key: d minor. bpm: 104.0"),
    ],
)
def test_a_model_reads_the_text_and_what_it_has_to_fit(text: str, facts: SetFacts, follow: bool, expected: str) -> None:
    assert messages(text, facts, follow).text == expected


@each_case(
    "text, bpm, bars, played, message",
    [
        ("techno at 52 bpm", 104.0, 8, 52.0, "The prompt's 52 bpm are half 104 bpm: every bar fits."),
        ("techno at 208 bpm", 104.0, 8, 208.0, "The prompt's 208 bpm are twice 104 bpm: every bar fits."),
        ("techno at 105 bpm", 104.0, 8, 104.0, ""),
        ("techno at 120 bpm", 104.0, 8, 104.0, "It is made at 104 bpm, to fit, and not at the prompt's 120 bpm."),
        ("techno at 52 bpm", 104.0, 3, 104.0, "It is made at 104 bpm, to fit, and not at the prompt's 52 bpm."),
        ("techno at 208 bpm", 104.0, 64, 104.0, "It is made at 104 bpm, to fit, and not at the prompt's 208 bpm."),
        ("drum and bass", 87.0, 4, 174.0, "As drum and bass it is made at 174 bpm, twice 87 bpm."),
        ("dub", 140.0, 4, 70.0, "As dub it is made at 70 bpm, half 140 bpm."),
        ("techno", 104.0, 4, 104.0, ""),
        ("synthwave", 60.0, 4, 60.0, ""),
    ],
)
def test_half_and_double_tempo_fit_and_any_other_gives_way(
    text: str, bpm: float, bars: int, played: float, message: str
) -> None:
    prompt = messages(text, SetFacts(bpm=bpm, bars=bars))
    assert prompt.bpm == played
    assert prompt.text.endswith(f"bpm: {played:.1f}")
    assert prompt.messages == ((message,) if message else ())


def test_what_yields_to_the_set_is_reported() -> None:
    prompt = messages("a waltz in 3/4 in G major at 90 bpm")
    assert prompt.key == Key(2, "Minor")
    assert prompt.messages == (
        "It is made at 104 bpm, to fit, and not at the prompt's 90 bpm.",
        "It is made in D minor, to fit, and not in the prompt's G major.",
        "It is made in 4/4, to fit, and not in the prompt's 3/4.",
    )
    assert messages("in D minor").messages == ("The prompt says nothing of the sound: it is taken from the set, "
                                       "“funk with drums and bass”.",)  # fmt: skip


def test_nobody_is_promised_a_singer() -> None:
    assert messages("soul with vocals").messages == (
        "Nobody sings: a voice is played like an instrument, without words.",
    )
    assert messages("soul without vocals").messages == ()


@each_case(
    "text, why",
    [("", "is empty"), (" \n", "is empty"), ("🎸🔥", "has no letters"), ("!?", "says nothing of the sound")],
)
def test_an_empty_prompt_still_gives_music_and_says_which(text: str, why: str) -> None:
    prompt = messages(text, NOTHING)
    assert (prompt.text, prompt.messages) == (USUAL, (f"The prompt {why}: “{USUAL}” is imagined.",))


@each_case("text", ["funky bass " * 1000, "x" * 10_000, "放克贝斯" * 2500, "🎸funk" * 2000])
def test_a_prompt_of_ten_thousand_characters_is_cut_and_reported(text: str) -> None:
    started = time.process_time()
    prompt = messages(text)
    assert len(prompt.text) <= 3 * LONGEST  # a Chinese character may be an English word
    assert prompt.text.endswith("bpm: 104.0") or prompt.text.endswith("genre: funk")
    assert prompt.messages[0].startswith("The prompt is long: its first ")
    assert not prompt.text.startswith(" ")
    assert time.process_time() - started < 5.0


def test_a_cut_falls_between_words() -> None:
    prompt = messages("funky bass " * 1000, NOTHING)
    assert set(prompt.text.split()) == {"funky", "bass"}
    assert len(prompt.text) <= LONGEST


@each_case("text", ["ความรัก", "αγάπη μου", "量子力学入门", "שלום"])
def test_a_language_that_is_not_known_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ParamError, match="prompt must be in English, which the models read; in other languages words"):
        messages(text)


def test_an_empty_prompt_is_sketched_as_described_with_its_figures() -> None:
    reading = messages("in D minor, 4 bars", NOTHING).reading
    assert [one.name for one in reading.instruments] == ["electric piano", "bass", "drums"]
    assert (reading.key, reading.bars) == (Key(2, "Minor"), 4)
    assert messages("", FUNK_SET).reading.instruments == ()


def test_translations_from_another_script_are_reported() -> None:
    assert messages("爵士钢琴 量子", NOTHING).messages == (
        "Read as Chinese: “jazz piano”.",
        "Not understood, and left out: 量子.",
    )


def test_an_unknown_style_of_the_set_is_refused() -> None:
    with pytest.raises(ParamError, match="style must be one of R&B, afrobeat"):
        messages("warm bass", SetFacts(style="polka"))


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from([word for text, _ in PROMPTS for word in text.split()]), max_size=30).map(" ".join),
    ),
    st.booleans(),
)
def test_any_text_gives_a_prompt_or_one_sentence(text: str, follow: bool) -> None:
    for facts in (FUNK_SET, NOTHING):
        try:
            prompt = assemble(text, facts, follow, LEXICON)
        except ParamError:
            assert any(map(is_foreign, clean_prompt(text)))
            continue
        assert prompt.text.isprintable()
        assert any(map(str.isalpha, prompt.text))
        assert prompt == assemble(text, facts, follow, LEXICON)
        assert not {one.name for one in prompt.reading.instruments} & set(prompt.reading.refused)
