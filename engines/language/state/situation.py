"""The situation of a sentence: the set, its memory, the user's preferences, the styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from musearoo.engines.errors import ParamError
from musearoo.engines.language.requests.commands import Command
from musearoo.engines.language.requests.replies import Answer, Question, UnclearError
from musearoo.engines.language.state.memory import SetMemory
from musearoo.engines.language.state.preferences import Preferences
from musearoo.engines.language.state.view import SetView
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import STRAIGHT
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style


@dataclass(frozen=True, slots=True)
class Situation:
    """The context in which a sentence is understood."""

    view: SetView
    remembered: SetMemory
    preferences: Preferences
    styles: Mapping[str, Style]

    @property
    def is_seen(self) -> bool:
        """Whether a set is visible; without one, targets are taken literally."""
        return bool(self.view.set)

    def style(self, name: str) -> Style | None:
        """Return the style of a name or alias, None for ""; raises UnclearError if there is none."""
        if not name:
            return None
        try:
            return find_style(name, self.styles)
        except ParamError:
            raise UnclearError(
                Answer(f"There is no style “{name}”. Ask for the styles to hear which there are.")
            ) from None

    def begun_style(self, scene: int) -> str:
        """Return the style requested last in a scene, or ""."""
        made = self.remembered.made
        styles = (one.action.style for one in reversed(made) if scene and one.scene == scene and one.action.makes_clips)
        return next((style for style in styles if style in self.styles), "")

    def swing_of(self, name: str) -> float:
        """Return the swing ratio of a style; straight where the style is left open."""
        style = self.styles.get(name)
        return style.swing.ratio if style else STRAIGHT


def read_key(text: str) -> str:
    """Return a key as spoken, "" for ""; raises UnclearError if `Key.parse` fails."""
    if text:
        try:
            Key.parse(text)
        except ParamError:
            raise UnclearError(Answer(f"“{text}” is no key: say one such as D minor or F sharp dorian.")) from None
    return text.strip()


def ask(sentence: str, command: Command, slot: str = "") -> UnclearError:
    """Return the error for an incomplete sentence: a question whose answer completes the command."""
    return UnclearError(Question(sentence=sentence, command=command, slot=slot))


def refusal(sentence: str) -> UnclearError:
    """Return the error for a sentence that cannot be carried out."""
    return UnclearError(Answer(sentence))
