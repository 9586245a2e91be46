"""Everything that a sentence is understood by: the set, what is remembered of it, the user's tastes, the styles."""

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
    """What a sentence falls into."""

    view: SetView
    remembered: SetMemory
    preferences: Preferences
    styles: Mapping[str, Style]

    @property
    def is_seen(self) -> bool:
        """Whether there is a set to look at; without one, places are taken as they are said."""
        return bool(self.view.set)

    def style(self, name: str) -> Style | None:
        """The style of a name or alias, None for ""; raises UnclearError where there is none such."""
        if not name:
            return None
        try:
            return find_style(name, self.styles)
        except ParamError:
            raise UnclearError(
                Answer(f"There is no style “{name}”. Ask for the styles to hear which there are.")
            ) from None

    def begun_style(self, scene: int) -> str:
        """The style that was asked for last in a scene, "" where none was."""
        made = self.remembered.made
        styles = (one.action.style for one in reversed(made) if scene and one.scene == scene and one.action.makes_clips)
        return next((style for style in styles if style in self.styles), "")

    def swing_of(self, name: str) -> float:
        """The ratio of a style's own swing; straight where the style is left open."""
        style = self.styles.get(name)
        return style.swing.ratio if style else STRAIGHT


def read_key(text: str) -> str:
    """A key as it was said, "" for ""; raises UnclearError for what `Key.parse` knows no key by."""
    if text:
        try:
            Key.parse(text)
        except ParamError:
            raise UnclearError(Answer(f"“{text}” is no key: say one such as D minor or F sharp dorian.")) from None
    return text.strip()


def ask(sentence: str, command: Command, slot: str = "") -> UnclearError:
    """What is raised where a sentence lacks something: the question, and what its answer completes."""
    return UnclearError(Question(sentence=sentence, command=command, slot=slot))


def refusal(sentence: str) -> UnclearError:
    """What is raised where a sentence cannot be done."""
    return UnclearError(Answer(sentence))
