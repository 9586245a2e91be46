"""Interpretation of sentences by a language model where the rules fail: its instructions and its answer schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from musearoo.engines.errors import ParamError
from musearoo.engines.language.requests.amounts import split_change
from musearoo.engines.language.requests.commands import (
    BAND,
    CHANGES,
    DEGREES,
    MANNERS,
    PARTS,
    TO_PLAYED,
    Command,
    Intent,
    Slots,
)
from musearoo.engines.language.requests.numerals import chords_in_key
from musearoo.engines.language.state.memory import Turn
from musearoo.engines.language.state.view import SetView
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key

TRUST: Final = 0.5
"""Confidence of a model's interpretation: enough to act on, since it can be undone and destructive actions are
confirmed."""

NOT_ITS: Final = frozenset((Intent.YES, Intent.NO, Intent.ANSWER, Intent.NONE))
"""Intents a model may not return: only the user can say yes."""

MOST_NAMES: Final = 20
MOST_TURNS: Final = 4
"""Tracks and previous turns in the instructions: small models read slowly."""


class Interpreter(Protocol):
    """Interprets sentences that the rules do not understand."""

    def interpret(self, text: str, view: SetView, turns: Sequence[Turn] = ()) -> Command | None:
        """Return the request of a sentence after the previous turns, None if unclear.

        May take seconds; never raises.
        """


class _Interpretation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model's answer."""

    intent: Intent
    slots: Slots = Slots()


def instruct(view: SetView, turns: Sequence[Turn] = ()) -> str:
    """Return the instructions for a model: the answer format, the set, and the conversation so far."""
    schema = msgspec.json.schema(Slots)["$defs"]["Slots"]["properties"]
    slots = "; ".join(f"{name}: {_kind(described)}" for name, described in schema.items())
    names = ", ".join(track.name for track in view.tracks[:MOST_NAMES] if track.name) or "none yet"
    return "\n".join(
        (
            "You turn a musician's sentence to a music assistant into one JSON object and answer nothing else:",
            '{"intent": "play", "slots": {"parts": ["bass"], "style": "funk", "bars": 8, "changes": ["a bit busier"]}}',
            f"intent is one of: {', '.join(intent for intent in Intent if intent not in NOT_ITS)}, none.",
            "play: new parts. change: the clip that is there. again: another take. level: a track's fader.",
            'imagine: an audio loop of words (prompt). Answer {"intent": "none"} to whatever is no such order.',
            f"slots (leave out what is not said): {slots}.",
            f"parts are of: {', '.join((*PARTS, BAND))}. target: one of these, clip, track, or a track's name.",
            f"changes are of: {', '.join(CHANGES)}; before each may stand: {', '.join(filter(None, DEGREES))}.",
            f"manner is of: {', '.join(MANNERS)}. key: D minor. chords: Dm7 G7. scene: this, next, new, 3.",
            f"Tracks of the set: {names}. Tempo {view.tempo:g}. Key: {view.known_key or 'not known'}.",
            *(f"Before: “{turn.sentence}” was answered “{turn.reply}”" for turn in turns[-MOST_TURNS:]),
        )
    )


def read_interpretation(answer: str, sentence: str) -> Command | None:
    """Parse a model's answer into a command; None for "none" and for anything that violates the schema.

    >>> read_interpretation('{"intent": "mute", "slots": {"target": "bass"}}', "kill the low end").as_json()
    {'text': 'kill the low end', 'intent': 'mute', 'slots': {'target': 'bass'}, 'confidence': 0.5}
    >>> read_interpretation('{"intent": "yes"}', "oh well")
    """
    # Models often put a code fence or words around the requested object.
    start, end = answer.find("{"), answer.rfind("}")
    try:
        found = msgspec.json.decode(answer[max(start, 0) : end + 1], type=_Interpretation)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    if found.intent in NOT_ITS or not _holds(found.slots):
        return None
    return Command(text=sentence, intent=found.intent, slots=found.slots, confidence=TRUST)


def _kind(described: dict[str, object]) -> str:
    kind = described.get("type") or "boolean"
    return "list of texts" if kind == "array" else f"{kind}"


def _holds(slots: Slots) -> bool:
    """Return whether all words are allowed values of their slots."""
    known = (
        set(slots.parts) <= {*PARTS, BAND}
        and all(split_change(change)[1] for change in slots.changes)
        and slots.than in ("", *PARTS)
        and slots.manner in ("", *MANNERS)
        and slots.to_played in ("", *TO_PLAYED)
        and slots.degree in DEGREES
        and slots.like in ("", "last")
        and slots.stems in (0, 4, 6)
        and (slots.scene in ("", "this", "next", "new") or slots.scene.isdecimal())
    )
    try:
        if slots.key:
            Key.parse(slots.key)
        if slots.chords:
            parse_progression(slots.chords)
        if slots.numerals:
            chords_in_key(slots.numerals, Key.parse(slots.key or "C"))
    except ParamError:
        return False
    return known
