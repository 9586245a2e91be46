"""Commands: intents and their slots, the same whether spoken, typed or read from a table."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta


class Intent(StrEnum):
    """What is to happen. Slots that an intent does not name here mean nothing to it."""

    PLAY = "play"
    """New parts. parts, style, bars, key, chords, numerals, bpm, takes, changes, than, manner, like, track, scene,
    replace, hear, to_played."""
    SONG = "song"
    """A whole song. style, seconds, key, changes, where."""
    MIX = "mix"
    """Balance the tracks. style."""
    CHANGE = "change"
    """The clip changed. target, targets, changes, than, style, first_bar, last_bar, takes, track, scene, replace."""
    AGAIN = "again"
    """Another take of the same ("again", "another", "four of those"). target, takes, track, scene."""
    BACK = "back"
    """To the take before the last."""
    UNDO = "undo"
    """What was written last is taken back."""
    KEEP = "keep"
    """What is heard before it is kept is written; what stands is liked, which the copilot learns. target,
    targets."""
    ANALYSE = "analyse"
    """Hear a clip. target, track, scene, deep."""
    SPLIT = "split"
    """Stems of a clip. target, track, scene, stems."""
    AUTO_SPLIT = "auto split"
    """Split by itself whatever comes onto the device's track. on."""
    LISTEN = "listen"
    """Hear, or continue, what the device's track just played. bars, go_on."""
    HEAR = "hear"
    """A MIDI clip of the set is heard; or, not `on`, what is heard is dropped. target, track, scene, on."""
    CAPTURE = "capture"
    """A clip of what the player just played, by MIDI. bars (none: the last phrase), track, scene, replace."""
    JAM = "jam"
    """Turn by turn with the player, or no more. on, bars, parts (who answers), style, changes."""
    IMAGINE = "imagine"
    """An audio loop of words. prompt, bars, takes, key, track, scene."""
    MUTE = "mute"
    UNMUTE = "unmute"
    SOLO = "solo"
    UNSOLO = "unsolo"
    """Switches of tracks. target, targets, track."""
    LEVEL = "level"
    """Faders. target, targets, track, up, degree."""
    TEMPO = "tempo"
    """The set's tempo. bpm; or up and degree ("faster", "a bit slower")."""
    KEY = "key"
    """The set's key. key."""
    DELETE = "delete"
    """A clip, a scene or tracks are removed. target, targets, what, track, scene."""
    CANCEL = "cancel"
    """What is under way is not wanted any more."""
    SUGGEST = "suggest"
    """What could come next."""
    PREFERENCES = "preferences"
    """What the copilot has learnt of the user."""
    FORGET = "forget"
    """That is erased."""
    HELP = "help"
    """What can be said. what."""
    LIST = "list"
    """What there is. what: styles, engines."""
    TEST = "test"
    """The device tests itself."""
    TERMINAL = "terminal"
    """Done in the terminal, which RooAroo says. what: learn, models, install, doctor, bench, demo."""
    YES = "yes"
    NO = "no"
    ANSWER = "answer"
    """Slots alone ("the bass", "eight bars"): an answer to a question, or an order without its verb. Any slots."""
    NONE = "none"
    """Nothing that is understood."""


PARTS: Final = ("drums", "bass", "harmony", "melody", "atmosphere")
BAND: Final = "band"

CHANGES: Final = (
    *("simpler", "busier", "sparser", "denser", "darker", "brighter", "softer", "louder", "lower", "higher"),
    *("shorter", "longer", "less swing", "more swing", "straight", "tighter", "looser", "keep rhythm", "keep notes"),
)
"""What can be wished of a part: complexity, density, colour, strength of playing (velocity), register, note lengths,
swing, closeness to the grid, and what is to stay. As adjectives they describe a new part ("a busy bass": busier)."""

DEGREES: Final = ("", "a bit", "much")
"""How much of a change: "a bit busier", "busier", "much busier"."""

MANNERS: Final = ("walking", "pedal")
"""Ways of a bass to play, where the style has them."""


TO_PLAYED: Final = ("answer", "continue", "thirds", "sixths", "four parts", "accompany")
"""What a part can be to what was just played: after it, or under it."""


class Slots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a sentence says of its intent; a slot that it does not mention has its default and stands in no JSON.

    Numbers of bars, tracks and scenes count from 1.
    """

    parts: tuple[str, ...] = ()
    """Of PARTS in the order said, or ("band",)."""
    target: str = ""
    """What an order is about: one of PARTS, "band" (all of it), "clip" or "track" where it says "this clip", "this
    track"; else the name of a track as it was said. "" for "it", "that", "this", "those", or nothing said."""
    targets: tuple[str, ...] = ()
    """Two or more that an order is about, in the order said: parts, names of tracks, "track 3"; `target` is "" then."""
    style: str = ""
    """A style by its full name, such as "bossa nova"."""
    bars: Annotated[int, Meta(ge=0, le=64)] = 0
    seconds: Annotated[int, Meta(ge=0, le=600)] = 0
    key: str = ""
    """As `Key.parse(…)` writes it, such as "D minor", "F# dorian", "Bb major"."""
    chords: str = ""
    """A progression as `parse_progression` reads it, such as "Dm7 G7 Cmaj7"."""
    numerals: str = ""
    """Chords by their place in a key: "ii7 V7 Imaj7", or "2 5 1" where the key says which are minor."""
    bpm: Annotated[float, Meta(ge=0, le=999)] = 0.0
    takes: Annotated[int, Meta(ge=0, le=8)] = 0
    changes: tuple[str, ...] = ()
    """Of CHANGES in the order said, each with a degree before it or none: "a bit busier", "more swing"."""
    than: str = ""
    """The part that `changes` compare with: "busier than the drums"."""
    manner: str = ""
    """Of MANNERS."""
    like: str = ""
    """"last" for "like the last one": all that is not said is as it was there."""
    first_bar: Annotated[int, Meta(ge=0, le=9999)] = 0
    last_bar: Annotated[int, Meta(ge=0, le=9999)] = 0
    track: Annotated[int, Meta(ge=0, le=9999)] = 0
    """"on track three": 3."""
    scene: str = ""
    """"this", "next", "new" (an empty one at the end), or its number, such as "3"."""
    where: str = ""
    """Of a song: "scenes" or "timeline"."""
    replace: bool = False
    """What stands there is to make way."""
    stems: Annotated[int, Meta(ge=0, le=6)] = 0
    """4 or 6."""
    deep: bool = False
    on: bool | None = None
    hear: bool = False
    """New parts are to be heard before they are kept."""
    to_played: str = ""
    """Of TO_PLAYED: what new parts are to what the player just played by MIDI."""
    go_on: bool = False
    """What is heard is to be continued."""
    prompt: str = ""
    """The rest of the sentence after "imagine", in the speaker's words."""
    up: bool | None = None
    """Louder or faster, or else softer or slower."""
    degree: str = ""
    """Of DEGREES, for `up`."""
    what: str = ""


NO_SLOTS: Final = Slots()


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence understood: the words as they were read, what they ask for, and how sure that is (0..1)."""

    text: str
    intent: Intent
    slots: Slots = NO_SLOTS
    confidence: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """The object that `musearoo say` and `listen` print, but for their milliseconds.

        >>> Command(text="mute the bass", intent=Intent.MUTE, slots=Slots(target="bass")).as_json()
        {'text': 'mute the bass', 'intent': 'mute', 'slots': {'target': 'bass'}, 'confidence': 1.0}
        """
        found: dict[str, Any] = msgspec.to_builtins(self)
        return {**found, "slots": found.get("slots", {})}
