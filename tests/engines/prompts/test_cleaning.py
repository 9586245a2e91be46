from hypothesis import given
from hypothesis import strategies as st

from musearoo.engines.prompts.cleaning import clean_prompt, cut_at_word, fold, is_foreign
from tests.each_case import each_case


@each_case(
    "text, expected",
    [
        ("  warm   dub\tbass\n", "warm dub bass"),
        ("funk 🎸🔥 groove", "funk groove"),
        ("thumbs 👍🏽 up ❤️ family 👨‍👩‍👧", "thumbs up family"),
        ("zero\u200bwidth and\x00control", "zerowidth and control"),
        ("Ｆｕｎｋ　１２０ＢＰＭ", "Funk 120BPM"),
        ("in F♯, then B♭", "in F#, then Bb"),
        ("“rock’n’roll” – loud…", "\"rock'n'roll\" - loud..."),
        ("放克，鼓。", "放克,鼓."),
        ("\ud83d broken \ue000 private", "broken private"),
        ("🎸🔥", ""),
    ],
)
def test_a_prompt_is_made_readable(text: str, expected: str) -> None:
    assert clean_prompt(text) == expected


def test_a_text_is_cut_at_a_word_and_a_comma_is_not_left_hanging() -> None:
    assert cut_at_word("bass, drums", 6) == "bass"
    assert cut_at_word("bass, drums", 11) == "bass, drums"
    assert cut_at_word("鼓" * 50, 7) == "鼓" * 7


@given(st.text(max_size=200))
def test_any_text_is_cleaned_once_and_for_all_and_keeps_its_places_when_folded(text: str) -> None:
    cleaned = clean_prompt(text)
    assert clean_prompt(cleaned) == cleaned
    assert len(fold(text)) == len(text)
    assert cleaned.isprintable()


def test_letters_of_other_scripts_are_distinguished_from_latin_and_symbols() -> None:
    assert [is_foreign(letter) for letter in "aé鼓ドъ5 ♪"] == [False, False, True, True, True, False, False, False]
