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
    """The names for a range of General MIDI programs, from the first to the last.

    `say` is a sentence on what to put on the track by hand where Live has none of them.
    """

    programs: tuple[_Program, _Program]
    names: Annotated[tuple[Name, ...], Meta(min_length=1)]
    say: Annotated[str, Meta(min_length=1)]


class LiveSounds(Preset, frozen=True, kw_only=True):
    """Live's kits and instruments by General MIDI program; `silent` devices make no sound when inserted bare."""

    silent: tuple[Name, ...]
    kits: tuple[Family, ...]
    instruments: tuple[Family, ...]
    last: Annotated[tuple[Name, ...], Meta(min_length=1)]

    def ladder(self, role: Role, program: int, names: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the names to look for, best first: `names`, which are the style's, then those of the program."""
        last = () if role == "drums" else self.last
        ladder = (*names, *self._family(role, program).names, *last)
        return tuple(dict.fromkeys(name for name in ladder if name not in self.silent))

    def advice(self, role: Role, program: int) -> str:
        """Return the sentence on what to put on a track by hand where Live has nothing of the ladder."""
        return self._family(role, program).say

    def _family(self, role: Role, program: int) -> Family:
        families = self.kits if role == "drums" else self.instruments
        return next(each for each in families if each.programs[0] <= program <= each.programs[1])


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
