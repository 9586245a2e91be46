"""Placeholder until the sounds are merged."""

from musearoo.engines.styles.form import Voice
from musearoo.engines.styles.schema import Style


class LiveSounds:
    def ladder(self, role: str, program: int, names: tuple[str, ...]) -> tuple[str, ...]:
        return names


def default_instrument(style: Style, role: str) -> Voice:
    return max(style.form.voices(role), key=lambda voice: voice.weight)  # type: ignore[arg-type]
