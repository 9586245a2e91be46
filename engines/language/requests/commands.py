"""Commands: intents and their slots, whether spoken, typed or read from a table."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta


class Intent(StrEnum):
    """What a sentence requests. An intent ignores slots that it does not name here."""

    PLAY = "play"
    """New parts. parts, style, bars, key, chords, numerals, bpm, takes, changes, than, manner, like, track, scene,
    replace, hear, to_played."""
    SONG = "song"
    """A whole song. style, seconds, key, changes, where."""
    MIX = "mix"
    """Balance the tracks. style."""
    CHANGE = "change"
    """Change a clip. target, targets, changes, than, style, first_bar, last_bar, takes, track, scene, replace."""
    AGAIN = "again"
    """Another take of the same ("again", "another", "four of those"). target, takes, track, scene."""
    BACK = "back"
    """Go back to the take before the last."""
    UNDO = "undo"
    """Undo what was written last."""
    KEEP = "keep"
    """Write the auditioned take; or like an existing clip, which the copilot learns from. target,
    targets."""
    ANALYSE = "analyse"
    """Analyse a clip. target, track, scene, deep."""
    SPLIT = "split"
    """Separate a clip into stems. target, track, scene, stems."""
    AUTO_SPLIT = "auto split"
    """Automatically separate audio that arrives on the device's track. on."""
    LISTEN = "listen"
    """Analyse, or continue, what the device's track just played. bars, go_on."""
    HEAR = "hear"
    """Audition a MIDI clip of the set; or, not `on`, drop the audition. target, track, scene, on."""
    CAPTURE = "capture"
    """Make a clip of what the player just played by MIDI. bars (none: the last phrase), track, scene, replace."""
    JAM = "jam"
    """Start or stop taking turns with the player. on, bars, parts (who answers), style, changes."""
    AMBIENCE = "ambience"
    """Begin, steer or end endless music. on, preset, mood, changes, key, bpm, follow."""
    IMAGINE = "imagine"
    """Generate an audio loop from words. prompt, bars, takes, key, track, scene."""
    MUTE = "mute"
    UNMUTE = "unmute"
    SOLO = "solo"
    UNSOLO = "unsolo"
    """Mute and solo switches. target, targets, track."""
    LEVEL = "level"
    """Faders. target, targets, track, up, degree."""
    TEMPO = "tempo"
    """The set's tempo. bpm; or up and degree ("faster", "a bit slower")."""
    KEY = "key"
    """The set's key. key."""
    DELETE = "delete"
    """Delete a clip, a scene or tracks. target, targets, what, track, scene."""
    CANCEL = "cancel"
    """Cancel what is running."""
    SUGGEST = "suggest"
    """Suggest what could come next."""
    PREFERENCES = "preferences"
    """Report what the copilot has learnt about the user."""
    FORGET = "forget"
    """Erase that."""
    HELP = "help"
    """Explain what can be said. what."""
    LIST = "list"
    """List what is available. what: styles, engines."""
    TEST = "test"
    """Run the device's self-test."""
    TERMINAL = "terminal"
    """Something done in the terminal; RooAroo names the command. what: learn, models, install, doctor, bench, demo."""
    YES = "yes"
    NO = "no"
    ANSWER = "answer"
    """Slots alone ("the bass", "eight bars"): an answer to a question, or a request without its verb. Any slots."""
    NONE = "none"
    """Nothing was understood."""


PARTS: Final = ("drums", "bass", "harmony", "melody", "atmosphere")
BAND: Final = "band"

CHANGES: Final = (
    *("simpler", "busier", "sparser", "denser", "darker", "brighter", "softer", "louder", "lower", "higher"),
    *("shorter", "longer", "less swing", "more swing", "straight", "tighter", "looser", "keep rhythm", "keep notes"),
)
"""Possible changes of a part: complexity, density, colour, velocity, register, note lengths, swing, closeness to
the grid, and what to keep. As adjectives they describe a new part ("a busy bass": busier)."""

DEGREES: Final = ("", "a bit", "much")
"""Degrees of a change: "a bit busier", "busier", "much busier"."""

MANNERS: Final = ("walking", "pedal")
"""Manners of playing the bass, in styles that have them."""


TO_PLAYED: Final = ("answer", "continue", "thirds", "sixths", "four parts", "accompany")
"""Relation of a new part to what was just played: after it, or together with it."""


class Slots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The slots of a sentence; slots that it does not mention have their defaults and are left out of the JSON.

    Numbers of bars, tracks and scenes count from 1.
    """

    parts: tuple[str, ...] = ()
    """Of PARTS in spoken order, or ("band",)."""
    target: str = ""
    """Target of the request: one of PARTS, "band" (everything), "clip" or "track" for "this clip" and "this track";
    else the name of a track as spoken. "" for "it", "that", "this", "those", or none."""
    targets: tuple[str, ...] = ()
    """Two or more targets, in spoken order: parts, names of tracks, "track 3"; `target` is "" then."""
    style: str = ""
    """A style by its full name, such as "bossa nova"."""
    bars: Annotated[int, Meta(ge=0, le=64)] = 0
    seconds: Annotated[int, Meta(ge=0, le=600)] = 0
    key: str = ""
    """In the form of `Key.parse(…)`, such as "D minor", "F# dorian", "Bb major"."""
    chords: str = ""
    """A progression for `parse_progression`, such as "Dm7 G7 Cmaj7"."""
    numerals: str = ""
    """Chords by scale degree: "ii7 V7 Imaj7", or "2 5 1" with the qualities of the key."""
    bpm: Annotated[float, Meta(ge=0, le=999)] = 0.0
    takes: Annotated[int, Meta(ge=0, le=8)] = 0
    changes: tuple[str, ...] = ()
    """Of CHANGES in spoken order, each with an optional degree: "a bit busier", "more swing"."""
    than: str = ""
    """The part to compare with: "busier than the drums"."""
    manner: str = ""
    """Of MANNERS."""
    like: str = ""
    """"last" for "like the last one": everything not mentioned is taken from it."""
    first_bar: Annotated[int, Meta(ge=0, le=9999)] = 0
    last_bar: Annotated[int, Meta(ge=0, le=9999)] = 0
    track: Annotated[int, Meta(ge=0, le=9999)] = 0
    """"on track three": 3."""
    sound_of: Annotated[int, Meta(ge=0, le=9999)] = 0
    """"with the sound of track three": 3."""
    scene: str = ""
    """"this", "next", "new" (an empty one at the end), or its number, such as "3"."""
    where: str = ""
    """Of a song: "scenes" or "timeline"."""
    replace: bool = False
    """Replace the existing clip."""
    stems: Annotated[int, Meta(ge=0, le=6)] = 0
    """4 or 6."""
    deep: bool = False
    on: bool | None = None
    hear: bool = False
    """Audition new parts before they are kept."""
    to_played: str = ""
    """Of TO_PLAYED: relation of new parts to what the player just played by MIDI."""
    go_on: bool = False
    """Continue what was played."""
    prompt: str = ""
    """The rest of the sentence after "imagine", in the user's words."""
    preset: str = ""
    """A preset of endless music, such as "night bus"."""
    mood: str = ""
    """A mood of endless music, such as "calm"."""
    follow: bool | None = None
    """Endless music follows the set."""
    up: bool | None = None
    """Louder or faster; False: softer or slower."""
    degree: str = ""
    """Of DEGREES, for `up`."""
    what: str = ""


NO_SLOTS: Final = Slots()


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed sentence: its text, the request, and the confidence (0..1)."""

    text: str
    intent: Intent
    slots: Slots = NO_SLOTS
    confidence: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """Return the object that `musearoo say` and `listen` print, without their milliseconds.

        >>> Command(text="mute the bass", intent=Intent.MUTE, slots=Slots(target="bass")).as_json()
        {'text': 'mute the bass', 'intent': 'mute', 'slots': {'target': 'bass'}, 'confidence': 1.0}
        """
        found: dict[str, Any] = msgspec.to_builtins(self)
        return {**found, "slots": found.get("slots", {})}
