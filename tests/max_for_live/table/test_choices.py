"""What the menus offer is what the daemon takes: held against the wire, the styles and the keys themselves."""

from musearoo.bridge.protocol import AUDIO_BACKENDS, Generate, Imagine, Keep, Listen, PlayJam, WriteSong
from musearoo.bridge.protocol.types import Message, Spec
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.ambient.preset import find_preset
from musearoo.engines.music.scale import Key
from musearoo.engines.styles.reading import find_style
from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.setting import STYLE_NAMES
from tests.each_case import each_case


def choices(name: str) -> tuple[str, ...]:
    (control,) = (control for control in CONTROLS if control.name == name)
    assert control.parameter is not None
    return control.parameter.choices


def spec(message: type[Message], argument: str) -> Spec:
    return dict(message.specs)[argument]


def test_the_style_menu_holds_every_style_that_comes_with_us() -> None:
    assert sorted(STYLE_NAMES) == sorted(read_styles())
    assert choices("style")[1:] == STYLE_NAMES


def test_every_style_is_found_by_its_name() -> None:
    styles = read_styles()
    assert [find_style(name, styles).name for name in STYLE_NAMES] == list(STYLE_NAMES)


def test_every_root_and_mode_make_a_key() -> None:
    roots, modes = choices("key_root")[1:], choices("key_mode")
    keys = {Key.parse(f"{root} {mode}") for root in roots for mode in modes}
    assert {key.tonic for key in keys} == set(range(12))
    assert {key.scale for key in keys} == set(modes)


@each_case(
    "menu, message, argument",
    [
        ("bars", Generate, "bars"),
        ("listen_bars", Listen, "bars"),
        ("bars", Imagine, "bars"),
        ("jam_bars", PlayJam, "bars"),
    ],
)
def test_bars_are_numbers_that_the_daemon_takes(menu: str, message: type[Message], argument: str) -> None:
    for choice in choices(menu):
        number, word = choice.removesuffix(" each").split()
        assert word == ("bar" if number == "1" else "bars")
        spec(message, argument).check(menu, int(number))


def test_songs_are_of_a_length_that_the_daemon_takes() -> None:
    for choice in choices("song_length"):
        minutes, seconds = choice.split(":")
        spec(WriteSong, "seconds").check("song_length", 60 * int(minutes) + int(seconds))


@each_case(
    "menu, message, argument",
    [("song_to", WriteSong, "where"), ("listen_for", Listen, "use"), ("imagine_from", Imagine, "use")],
)
def test_places_of_choices_are_the_codes_of_the_wire(menu: str, message: type[Message], argument: str) -> None:
    assert spec(message, argument).high == len(choices(menu)) - 1


def test_what_imagines_is_offered_in_the_order_of_the_wire() -> None:
    names = [choice.lower().replace(" ", "-") for choice in choices("imagine_with")[1:]]
    assert tuple(names) == AUDIO_BACKENDS


def test_keep_takes_the_last_phrase_or_as_many_bars_as_the_daemon_gives() -> None:
    phrase, *bars = choices("keep_bars")
    assert phrase == "Last phrase"
    for choice in bars:
        spec(Keep, "bars").check("keep_bars", int(choice.split()[0]))


def test_the_presets_of_endless_music_are_those_that_come_with_us() -> None:
    shipped = read_ambient_presets()
    assert sorted(find_preset(choice.lower(), shipped).name for choice in choices("ambience_preset")) == sorted(shipped)
