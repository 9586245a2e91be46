"""Drum maps: mapping is invertible, and invalid files raise clear errors."""

from __future__ import annotations

from importlib import resources

import pytest

from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.midi_files.song import decode_midi_file, encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.styles.kit_maps import BUILT_IN, KitMap, find_kit, from_kit, parse_kit, song_from_kit, to_kit
from tests.each_case import each_case

FOLDER = resources.files("musearoo.presets").joinpath("kits")
SHIPPED = [
    parse_kit(entry.read_text(encoding="utf-8"), entry.name)
    for entry in sorted(FOLDER.iterdir(), key=lambda entry: entry.name)
    if entry.name.endswith(".yaml")
]
KITS = [*BUILT_IN, *SHIPPED]
CORE = (
    "kick",
    "snare",
    "cross_stick",
    "closed_hat",
    "open_hat",
    "pedal_hat",
    "ride",
    "crash",
    "high_tom",
    "mid_tom",
    "low_tom",
)
"""What every kit that is played with sticks has."""


def struck(*voices: str) -> tuple[Note, ...]:
    return tuple(Note(float(at), KIT[voice].pitch, 0.2, 90) for at, voice in enumerate(voices))


@each_case("kit", SHIPPED)
def test_mapping_to_a_kit_is_invertible(kit: KitMap) -> None:
    notes = struck(*CORE)
    assert from_kit(to_kit(notes, kit), kit) == notes


@each_case("kit", SHIPPED)
def test_every_voice_finds_a_pad(kit: KitMap) -> None:
    """And a drum of the five kinds comes back as one of its kind."""
    notes = struck(*KIT)
    back = from_kit(to_kit(notes, kit), kit)
    assert [note.start for note in back] == [note.start for note in notes]
    drums = [(note, again) for note, again in zip(notes, back, strict=True) if note.pitch in KIND_OF_PITCH]
    assert all(KIND_OF_PITCH[again.pitch] == KIND_OF_PITCH[note.pitch] for note, again in drums)


@each_case("sent, voice", [(26, "open_hat"), (22, "closed_hat"), (43, "low_tom"), (58, "low_tom"), (40, "snare")])
def test_what_a_roland_kit_sends_is_understood(sent: int, voice: str) -> None:
    (note,) = from_kit([Note(0.0, sent, 0.2, 90)], find_kit("V-Drums", KITS))
    assert note.pitch == KIT[voice].pitch


def test_the_drums_of_a_file_are_read_by_a_kit_and_the_rest_is_left_alone() -> None:
    kit = find_kit("dtxplorer", KITS)
    drums = Clip("drums", 12.0, to_kit(struck("kick", "snare"), kit))
    file = encode_midi_file({"drums": drums, "bass": Clip("bass", 12.0, (Note(0.0, 33, 1.0, 90),))})
    song = song_from_kit(decode_midi_file(file), kit)
    assert [note.pitch for note in song.parts["drums"].notes] == [36, 38]
    assert [note.pitch for note in song.parts["bass"].notes] == [33]


@each_case(
    "text, words",
    [
        ("name: [", "this is not YAML"),
        ("name: a\nname: a: b", "(line 2, column "),
        ("pads: {kick: 36}", "missing required field `name`"),
        ("{name: a, pad: {kick: 36}}", "unknown field `pad`"),
        ("{name: a, pads: {kik: 36}}", "pads: expected voices of kick, snare"),
        ("{name: a, pads: {kick: 128}}", "pads: expected voices on notes from 0 to 127, got 128"),
        ("{name: a, pads: {kick: low}}", "pads"),
        ("{name: a, hears: {36: kik}}", "hears: expected voices of kick"),
        ("{name: a, hears: {low: kick}}", "hears"),
    ],
)
def test_an_invalid_kit_file_raises(text: str, words: str) -> None:
    with pytest.raises(PresetError, match=r"^mine\.yaml: ") as caught:
        parse_kit(text, "mine.yaml")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_kit_raises_with_the_known_ones() -> None:
    assert find_kit(" Roland_TD ", KITS).name == "roland td"
    with pytest.raises(ParamError, match="kit must be one of general midi, 808, 909, electronic, roland td"):
        find_kit("707", KITS)
