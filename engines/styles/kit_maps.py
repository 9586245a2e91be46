"""Drum maps: convert between General MIDI drums and the pitches of other kits.

`presets/kits` has MuseAroo's own maps, each with its source; any other kit needs a file of about a dozen lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec
from msgspec import structs

from musearoo.engines.errors import ParamError, PresetError, unknown_name
from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.music.clip import sort_notes
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.kits.layouts import KITS, move_from_pads, move_to_pads
from musearoo.engines.music.midi_files.song import MidiSong
from musearoo.engines.music.note import Note
from musearoo.engines.styles.preset import Name

GENERAL_MIDI: Final = "general midi"


@dataclass(frozen=True, slots=True)
class KitMap:
    """A drum map: `pads` are our voices' pitches that differ from General MIDI; `hears` maps further pitches to voices.

    >>> KitMap("mine", {"kik": 24})
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: pads must be of kick, snare, cross_stick, clap, closed_hat, open_hat, \
pedal_hat, ride, ride_bell, crash, high_tom, mid_tom, low_tom, splash, tambourine, cowbell, conga_high, conga_low, \
shaker, claves, but was 'kik'
    """

    name: str
    pads: Mapping[str, int] = field(default_factory=dict)
    hears: Mapping[int, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for where, voices, pitches in (
            ("pads", self.pads.keys(), self.pads.values()),
            ("hears", self.hears.values(), self.hears.keys()),
        ):
            for voice in voices:
                if voice not in KIT:
                    raise ParamError(where, f"of {', '.join(KIT)}", voice)
            for pitch in pitches:
                if not 0 <= pitch <= 127:
                    raise ParamError(where, "on notes from 0 to 127", pitch)


BUILT_IN: Final = tuple(KitMap(name, pads) for name, pads in KITS.items())
"""The kits that DrummaRoo supports itself, General MIDI first."""


class _KitFile(msgspec.Struct, forbid_unknown_fields=True):
    name: Name
    aliases: tuple[Name, ...] = ()
    pads: dict[str, int] = {}
    hears: dict[int, str] = {}


def parse_kit(text: str, source_name: str = "kit") -> KitMap:
    """Parse a kit's YAML text; errors raise PresetError with file, field and bounds.

    >>> parse_kit("{name: mine, pads: {kick: 24}, hears: {25: snare}}").pads
    {'kick': 24}
    """
    data = convert_data(parse_yaml(text, source_name), _KitFile, source_name)
    try:
        return KitMap(data.name, data.pads, data.hears, data.aliases)
    except ParamError as error:
        raise PresetError(source_name, error.field, f"expected voices {error.bounds}, got {error.got!r}") from error


def find_kit(name: str, kits: Iterable[KitMap]) -> KitMap:
    """Return the kit with this name or alias, in any spelling; ParamError lists the existing ones."""
    known = list(kits)
    for kit in known:
        if _plain(name) in {_plain(one) for one in (kit.name, *kit.aliases)}:
            return kit
    aliases = (alias for kit in known for alias in kit.aliases)
    raise unknown_name("kit", name, (kit.name for kit in known), aliases, ", or a file such as my_kit.yaml")


def to_kit(notes: Iterable[Note], kit: KitMap) -> tuple[Note, ...]:
    """Map General MIDI notes to a kit; two voices on one pad cut each other off.

    >>> [note.pitch for note in to_kit([Note(0.0, 36, 0.5, 90)], KitMap("low", {"kick": 24}))]
    [24]
    """
    return move_to_pads(notes, kit.pads)


def from_kit(notes: Iterable[Note], kit: KitMap) -> tuple[Note, ...]:
    """Map a kit's notes to General MIDI.

    >>> kit = KitMap("low", {"kick": 24}, {25: "snare"})
    >>> [note.pitch for note in from_kit([Note(0.0, 24, 0.5, 90), Note(1.0, 25, 0.5, 90)], kit)]
    [36, 38]
    """
    meant = {pitch: KIT[voice].pitch for pitch, voice in kit.hears.items()}
    played = tuple(notes)
    others = move_from_pads([note for note in played if note.pitch not in meant], kit.pads)
    return sort_notes(
        (*others, *(structs.replace(note, pitch=meant[note.pitch]) for note in played if note.pitch in meant))
    )


def song_from_kit(song: MidiSong, kit: KitMap) -> MidiSong:
    """Map the drums of a kit's song to General MIDI."""
    drums = {
        name: clip.with_notes(from_kit(clip.notes, kit)) for name, clip in song.parts.items() if name in song.drums
    }
    return replace(song, parts=song.parts | drums)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
