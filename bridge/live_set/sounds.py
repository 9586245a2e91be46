"""Choose what a part sounds with: the user's own choice, the style's instruments, then what every edition has. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.styles.form import BandRole
from musearoo.engines.styles.live_sounds import LiveSounds, default_instrument
from musearoo.engines.styles.schema import Style


@dataclass(frozen=True, slots=True)
class PartSound:
    """What is loaded onto a silent track: names to look for in Live's browser, best first.

    `model` is the id of a track whose instrument comes before all of them, 0 for none.
    """

    names: tuple[str, ...]
    model: int = 0


@dataclass(frozen=True, slots=True)
class Sounds:
    """What each part sounds with; `chosen` are the user's own instruments by role."""

    ladders: LiveSounds
    chosen: Mapping[BandRole, str] = field(default_factory=dict)

    def of_style(self, style: Style, role: Role, model: int = 0) -> PartSound:
        """Return the sound of a part in a style: its usual instrument's."""
        voice = default_instrument(style, role)
        return self.of(role, voice.program, voice.live, model)

    def of(self, role: Role, program: int, names: tuple[str, ...] = (), model: int = 0) -> PartSound:
        """Return the sound of an instrument, by its General MIDI program and the names that its style has for it."""
        own = [name for chosen, name in self.chosen.items() if chosen == role]
        return PartSound(tuple(dict.fromkeys((*own, *self.ladders.ladder(role, program, names)))), model)
