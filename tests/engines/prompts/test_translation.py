import pytest

from musearoo.engines.prompts.translation import translate
from tests.engines.prompts.lexicon_on_disk import LEXICON


@pytest.mark.parametrize(
    ("text", "english", "language"),
    [
        ("dunkler Techno ohne Schlagzeug", "dark Techno, no drums", "German"),
        ("Bass in cis-Moll mit Orgel", "Bass in C# minor with organ", "German"),
        ("jazz lent en si bémol mineur, sans batterie", "jazz slow Bb minor, no drums", "French"),
        ("guitarra española y cajón", "spanish guitar and cajón", "Spanish"),
        ("chitarra", "guitar", "Italian"),
        ("violão calmo com flauta", "acoustic guitar calm with flute", "Portuguese"),
        ("тёмный эмбиент с пианино в ре миноре", "dark ambient with piano D minor", "Russian"),
        ("120 BPM 放克贝斯", "120 BPM funk bass", "Chinese"),
        ("D小调钢琴", "D minor piano", "Chinese"),
        ("ベースとドラムだけ", "only bass and drums", "Japanese"),
        ("ニ短調のワルツ", "D minor waltz", "Japanese"),
        ("베이스와 드럼 없이 피아노만", "no bass and drums, only piano", "Korean"),
    ],
)
def test_words_of_music_are_put_into_english(text: str, english: str, language: str) -> None:
    assert translate(text, LEXICON) == (english, language, ())


@pytest.mark.parametrize(
    "text",
    [
        "warm dub bass",
        "hell yeah metal",
        "die hard rock with a cup of tea",
        "the sin of a con man, dark jazz",
        "solo piano",
        "Fado de Lisboa",
        "son of a preacher man, soul",
        "lied about the chant",
        "test",
        "",
    ],
)
def test_english_is_left_as_it_is(text: str) -> None:
    assert translate(text, LEXICON) == (text, "", ())


def test_unknown_words_are_reported_and_left_out() -> None:
    assert translate("爵士 量子", LEXICON) == ("jazz", "Chinese", ("量子",))
    assert translate("Björk – ληρος jazz", LEXICON) == ("Björk – jazz", "", ("ληρος",))
    assert translate("موسيقى", LEXICON) == ("", "", ("موسيقى",))
