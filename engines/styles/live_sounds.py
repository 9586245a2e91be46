"""Live's instruments for a part: the style's own, then the usual ones for its General MIDI program.

`presets/live_sounds.yaml` has the names, and which devices are silent when they are inserted bare.
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from musearoo.engines.errors import PresetError
from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.styles.form import BandRole, Voice
from musearoo.engines.styles.preset import Name, Preset
from musearoo.engines.styles.schema import Style

PROGRAMS: Final = range(128)
_Program = Annotated[int, Meta(ge=0, le=127)]


class Family(Preset, frozen=True, kw_only=True):
    """The names for a range of General MIDI programs, from the first to the last."""

    programs: tuple[_Program, _Program]
    names: Annotated[tuple[Name, ...], Meta(min_length=1)]


class LiveSounds(Preset, frozen=True, kw_only=True):
    """Live's kits and instruments by General MIDI program; `silent` devices make no sound when inserted bare."""

    silent: tuple[Name, ...]
    kits: tuple[Family, ...]
    instruments: tuple[Family, ...]
    last: Annotated[tuple[Name, ...], Meta(min_length=1)]

    def ladder(self, role: Role, program: int, names: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the names to look for, best first: `names`, which are the style's, then those of the program."""
        families, last = (self.kits, ()) if role == "drums" else (self.instruments, self.last)
        usual = next(each.names for each in families if each.programs[0] <= program <= each.programs[1])
        return tuple(dict.fromkeys(name for name in (*names, *usual, *last) if name not in self.silent))


def parse_live_sounds(text: str, source: str = "live_sounds.yaml") -> LiveSounds:
    """Return the sounds of a YAML text. Raises PresetError for unknown keys, and for programs that are left out."""
    sounds = convert_data(parse_yaml(text, source), LiveSounds, source)
    for field in ("kits", "instruments"):
        covered = [
            program for each in getattr(sounds, field) for program in range(each.programs[0], each.programs[1] + 1)
        ]
        if covered != list(PROGRAMS):
            raise PresetError(source, field, "expected each program from 0 to 127 once, in order")
    return sounds


def default_instrument(style: Style, role: Role) -> Voice:
    """Return the instrument that a style has for a part where no song chooses one: the first of the most usual."""
    voices = style.form.voices(_BAND[role])
    return max(voices, key=lambda voice: voice.weight)


_BAND: Final[dict[Role, BandRole]] = {
    "drums": "drums",
    "bass": "bass",
    "harmony": "harmony",
    "melody": "melody",
    "atmosphere": "atmosphere",
    "unknown": "melody",
}
