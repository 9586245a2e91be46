"""Answers that change nothing: help, lists, terminal commands, learnt preferences."""

from __future__ import annotations

import re
from typing import Final

from musearoo.engines.language.requests.commands import BAND, PARTS, Command
from musearoo.engines.language.requests.replies import Answer
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, describe_part
from musearoo.engines.language.state.situation import Situation
from musearoo.engines.players.band.catalogue import ENGINES

HELP: Final = {
    "": "Say “give me a funk bass, eight bars in D minor”, “a bit busier”, “another”, “undo”, “what next?”.",
    "play": "Say “reggae drums, eight bars”, “a walking bass in the next scene”, “the band in bossa nova”.",
    "change": "Say “make the bass darker”, “bars 5 to 8 simpler”, “more swing”, “like the last one but in E minor”.",
    "mix": "Say “mute the drums”, “solo track three”, “the bass a bit louder”, “mix it”.",
    "audio": "Say “split this clip”, “analyse it in depth”, “listen to what I played”, “imagine warm dub chords”.",
    "set": "Say “120 BPM”, “a bit faster”, “set the key to D minor”, “a three minute song”.",
    "along": "Say “let me hear a bass first”, “keep it”, “keep what I just played”, “trade fours”, “stop the jam”.",
    "undo": "Say “undo”, “go back”, “keep that”, “delete this clip”.",
}
"""Help texts by topic."""

TERMINAL: Final = {
    "learn": "In a terminal: musearoo learn FOLDER, with your MIDI files and loops in it. Then the style is there.",
    "models": "In a terminal: musearoo models list says which there are, and how to get them.",
    "install": "In a terminal: musearoo install, then choose MuseAroo as a control surface in Live's settings.",
    "doctor": "In a terminal: musearoo doctor looks whether all is in place.",
    "bench": "In a terminal: musearoo bench NAME measures how fast it is here.",
    "demo": "In a terminal: musearoo demo plays it all without Live.",
}
_METER: Final = re.compile(r"\b\d{1,3}/\d{1,3}\b")

MOST_LISTED: Final = 12
"""Maximum styles listed before the rest is only counted."""


def answer_help(command: Command) -> str:
    """Return help on a topic, or in general."""
    return HELP.get(command.slots.what.lower(), HELP[""])


def answer_list(situation: Situation, command: Command) -> str:
    """Return the list of styles or engines."""
    if command.slots.what == "engines":
        return f"Here play {', '.join(f'{engine.title} ({engine.part})' for engine in ENGINES)}."
    names = sorted(situation.styles)
    more = f" and {len(names) - MOST_LISTED} more: musearoo styles lists them" if len(names) > MOST_LISTED else ""
    return f"{len(names)} styles: {', '.join(names[:MOST_LISTED])}{more}."


def answer_terminal(command: Command) -> str:
    """Return the command for what is done in the terminal."""
    return TERMINAL.get(command.slots.what, "That is done in a terminal: musearoo --help lists the commands.")


def answer_preferences(preferences: Preferences) -> str:
    """Return what was learnt about the user's preferences."""
    lines = [line for part in (*PARTS, BAND) if (line := describe_part(preferences, part))]
    if preferences == NO_PREFERENCES or not lines:
        return "I have learnt nothing of you yet: keep what you like, undo what you do not."
    return f"{'. '.join(lines)}."


def answer_not_understood(situation: Situation, command: Command) -> Answer:
    """Return the answer to a sentence that was not understood."""
    if meter := _METER.search(command.text):
        return Answer(f"I cannot play in {meter[0]}: the time signature is the set's, change it there.", is_lost=True)
    example = "make it a bit busier" if situation.remembered.clip else "give me a funk bass line"
    return Answer(f"I did not understand that. Say for example “{example}”, or “help”.", is_lost=True)
