"""Text in so many bytes: within its bound whatever it is, never cut inside what is read as one character."""

from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.text.bounded import ELLIPSIS, cut_text
from tests.each_case import each_case

CHARACTERS = ("e\u0301", "👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "❤\ufe0f", "\u1112\u1161\u11ab", "🏴\U000e0067\U000e0062\U000e007f")
"""Each is read as one, and has several code points."""

ANY_TEXT = st.text(st.characters(), max_size=400)


@given(text=ANY_TEXT, ending=st.text(max_size=30), longest=st.integers(0, 300))
def test_it_has_room_and_can_be_sent_whatever_it_is(text: str, ending: str, longest: int) -> None:
    cut = cut_text(text, longest, ending)
    assert len(cut.encode("utf-8")) <= longest
    assert "\0" not in cut


@given(text=st.text(max_size=400), ending=st.text(max_size=30), longest=st.integers(130, 300))
def test_an_ending_stays_whole(text: str, ending: str, longest: int) -> None:
    assert cut_text(text, longest, ending).endswith(ending.replace("\0", ""))


@given(text=st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=100))
def test_what_has_room_stays_as_it_is(text: str) -> None:
    assert cut_text(text, len(text.encode("utf-8"))) == text


@each_case("character", CHARACTERS)
def test_what_is_read_as_one_character_is_cut_nowhere(character: str) -> None:
    for longest in range(len(character.encode("utf-8")) + 3, 200):
        cut = cut_text(character * 100, longest)
        assert cut.endswith(ELLIPSIS)
        assert cut == character * cut.count(character) + ELLIPSIS


def test_a_character_without_end_is_cut_all_the_same() -> None:
    assert cut_text("e" + "\u0301" * 10_000, 20, " · Bass") == "e" + "\u0301" * 4 + "… · Bass"
    assert cut_text("a" * 50, 4, "an ending that is too long") == "aaaa"
