from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.prompts.figures import read_figures, take_meter, tidy
from tests.each_case import each_case

NUMBERS = {"four": 4, "thirty two": 32}


@each_case(
    "text, bpm, rest",
    [
        ("house 124 bpm", 124.0, "house"),
        ("house, 124BPM, dark", 124.0, "house, dark"),
        ("a house track at around 124 bpm with piano", 124.0, "a house track with piano"),
        ("bpm: 130", 130.0, ""),
        ("tempo of 92,5", 92.5, ""),
        ("120-126 bpm", 123.0, ""),
        ("126 to 120 bpm", None, "126 to 120 bpm"),
        ("19 bpm", None, "19 bpm"),
        ("1000 bpm", None, "1000 bpm"),
        ("808 drums", None, "808 drums"),
        ("tempo 4 bars", None, "tempo"),
        ("1990s house", None, "1990s house"),
        ("9000 bpm, well, 170 bpm", 170.0, "9000 bpm, well"),
    ],
)
def test_a_tempo_is_found_and_taken_out(text: str, bpm: float | None, rest: str) -> None:
    figures = read_figures(text, NUMBERS)
    assert (figures.bpm, figures.rest) == (bpm, rest)


@each_case(
    "text, key, rest",
    [
        ("techno in D minor", Key(2, "Minor"), "techno"),
        ("techno in D-minor, dark", Key(2, "Minor"), "techno, dark"),
        ("Bbm ballad", Key(10, "Minor"), "ballad"),
        ("in the key of F sharp", Key(6, "Major"), ""),
        ("key = Ebm", Key(3, "Minor"), "key ="),
        ("E flat min", Key(3, "Minor"), ""),
        ("g harmonic minor tune", Key(7, "Harmonic Minor"), "tune"),
        ("A Minor Pentatonic riff", Key(9, "Minor Pentatonic"), "riff"),
        ("a minor scale", Key(9, "Minor"), ""),
        ("something a minor", Key(9, "Minor"), "something"),
        ("a minor thing", None, "a minor thing"),
        ("Amazing", None, "Amazing"),
        ("Am I blue", None, "Am I blue"),
        ("play in A loud place", None, "play in A loud place"),
        ("vitamin C", None, "vitamin C"),
        ("Dm7 vamp", None, "Dm7 vamp"),
        ("big major label", None, "big major label"),
    ],
)
def test_a_key_is_found_and_no_article_is_taken_for_one(text: str, key: Key | None, rest: str) -> None:
    figures = read_figures(text, NUMBERS)
    assert (figures.key, figures.rest) == (key, rest)


@each_case(
    "text, bars, rest",
    [
        ("4 bars of funk", 4, "funk"),
        ("a four-bar loop", 4, "loop"),
        ("thirty two measures", 32, ""),
        ("0 bars", None, "0 bars"),
        ("99 bars", None, "99 bars"),
        ("bars and stripes", None, "bars and stripes"),
    ],
)
def test_a_length_in_bars_is_found(text: str, bars: int | None, rest: str) -> None:
    figures = read_figures(text, NUMBERS)
    assert (figures.bars, figures.rest) == (bars, rest)


def test_a_meter_is_found_stays_in_the_text_and_can_be_taken_out() -> None:
    figures = read_figures("slow waltz, in 6/8 time, 7/3", NUMBERS)
    assert (figures.meter, figures.rest) == (Meter(6, 8), "slow waltz, in 6/8 time, 7/3")
    assert take_meter(figures.rest) == "slow waltz, 7/3"
    assert read_figures("waltz", NUMBERS).meter == Meter(3, 4)
    assert read_figures("120/8", NUMBERS).meter is None


def test_gaps_are_closed() -> None:
    assert tidy("funk , , with ( ) bass .;") == "funk, with bass"
