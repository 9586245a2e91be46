"""Suggestions for the next step, with reasons: from what the set lacks and from what the user accepted before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from musearoo.engines.language.requests.actions import DoneAction, name_part
from musearoo.engines.language.requests.commands import BAND, Command, Intent, Slots
from musearoo.engines.language.requests.replies import Question
from musearoo.engines.language.state.memory import Offers
from musearoo.engines.language.state.situation import Situation
from musearoo.engines.language.state.view import TrackView

LONG: Final = 300.0
"""Seconds after which the same clip has been heard often enough."""
ENOUGH_FOR_A_SONG: Final = 3
ENOUGH_TO_MIX: Final = 4
"""Parts in a scene that make a song, and a mix, worthwhile."""
STEM_SIGN: Final = " · "
"""Separator in the names of stems, between the clip and the instrument."""

Finder = Callable[[Situation, float], Question | None]
"""Examines a situation at a time (seconds) for something missing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for something that may be missing. `worth` is its weight relative to the others."""

    name: str
    worth: float
    find: Finder


def suggest(situation: Situation, now: float) -> Question | None:
    """Return the most useful next step as a question; None if nothing is missing.

    A rule's worth is weighted by its probability of acceptance: the mean of a Beta posterior with a uniform prior.
    """
    best, best_worth = None, 0.0
    for rule in RULES:
        offers = situation.remembered.offers.get(rule.name, Offers())
        worth = rule.worth * (offers.taken + 1.0) / (offers.made + 2.0)
        if worth > best_worth:
            found = rule.find(situation, now)
            if found is not None:
                best, best_worth = found, worth
    return best


def _nothing_plays(situation: Situation, _now: float) -> Question | None:
    if any(track.clips for track in situation.view.tracks):
        return None
    slots = Slots(parts=("drums",))
    return _offer("start", "Nothing plays yet. Shall I begin with drums, and in which style?", slots, slot="style")


def _no_drums(situation: Situation, _now: float) -> Question | None:
    others = _others(situation, "drums")
    if not others:
        return None
    return _offer("drums", f"No drums yet beside the {others}: shall I play some?", Slots(parts=("drums",)))


def _no_bass(situation: Situation, _now: float) -> Question | None:
    others, view = _others(situation, "bass"), situation.view
    if not others:
        return None
    slots = Slots(parts=("bass",))
    if view.known_key and view.chords:
        return _offer(
            "bass", f"No bass yet; the chords are in {view.known_key}: walking or pedal?", slots, slot="manner"
        )
    return _offer("bass", f"No bass yet under the {others}: shall I play one?", slots)


def _no_chords(situation: Situation, _now: float) -> Question | None:
    others, view = _others(situation, "harmony"), situation.view
    if not others:
        return None
    within = f" in {view.known_key}" if view.known_key else ""
    return _offer("chords", f"No chords yet beside the {others}: shall I play some{within}?", Slots(parts=("harmony",)))


def _no_melody(situation: Situation, _now: float) -> Question | None:
    others, view = _others(situation, "melody"), situation.view
    if not others or not any(track.part == "harmony" for track in view.playing(view.scene)):
        return None
    return _offer("melody", "Chords, but no melody over them: shall I play one?", Slots(parts=("melody",)))


def _key_unknown(situation: Situation, _now: float) -> Question | None:
    view = situation.view
    audio = [track for track in view.playing(view.scene) if track.is_audio and track.part != "drums"]
    if view.known_key or not audio or _was_done(situation, Intent.ANALYSE):
        return None
    track = audio[0]
    sentence = f"The key of {track.name} is not sure: shall I hear it in depth?"
    return _offer("key", sentence, Slots(track=track.number, deep=True), Intent.ANALYSE)


def _unsplit(situation: Situation, _now: float) -> Question | None:
    view = situation.view
    shown = view.shown
    track = view.track_at(shown.track) if shown else None
    if shown is None or track is None or not shown.is_audio or track.part or STEM_SIGN in track.name:
        return None
    if any(other.name.startswith(f"{shown.name}{STEM_SIGN}") for other in view.tracks):
        return None
    name = shown.name or track.name
    return _offer("split", f"{name} is a whole mix: shall I split it into stems?", Slots(target="clip"), Intent.SPLIT)


def _one_scene(situation: Situation, _now: float) -> Question | None:
    view = situation.view
    parts = _parts(view.playing(view.scene))
    if len(parts) < ENOUGH_FOR_A_SONG or any(track.clips - {view.scene} for track in view.tracks):
        return None
    style = f" a {view.known_style} song" if view.known_style else " a song"
    sentence = f"{len(parts)} parts, and all in one scene: shall I make{style} of it?"
    return _offer("song", sentence, Slots(style=view.known_style), Intent.SONG)


def _unmixed(situation: Situation, _now: float) -> Question | None:
    playing = situation.view.playing(situation.view.scene)
    if len(playing) < ENOUGH_TO_MIX or _was_done(situation, Intent.MIX, since=Intent.PLAY):
        return None
    return _offer("mix", f"{len(playing)} tracks play, and no mix yet: shall I balance them?", Slots(), Intent.MIX)


def _same_for_long(situation: Situation, now: float) -> Question | None:
    made: DoneAction | None = situation.remembered.clip
    if made is None or now - made.at < LONG or len(made.action.parts) != 1 or made.action.parts == (BAND,):
        return None
    part = made.action.parts[0]
    bars = f"{made.action.bars} bars" if made.action.bars > 1 else "bar"
    minutes = int((now - made.at) / 60.0)
    sentence = f"The same {bars} of {name_part(part)} for {minutes} minutes: shall I vary it?"
    return _offer("vary", sentence, Slots(target=part), Intent.AGAIN)


RULES: Final = (
    Rule("start", 1.0, _nothing_plays),
    Rule("split", 0.95, _unsplit),
    Rule("drums", 0.9, _no_drums),
    Rule("bass", 0.85, _no_bass),
    Rule("chords", 0.8, _no_chords),
    Rule("key", 0.75, _key_unknown),
    Rule("melody", 0.7, _no_melody),
    Rule("song", 0.65, _one_scene),
    Rule("mix", 0.6, _unmixed),
    Rule("vary", 0.55, _same_for_long),
)
"""The rules in the order of building a band: time, bass, harmony, melody; then form and sound."""


def _offer(name: str, sentence: str, slots: Slots, intent: Intent = Intent.PLAY, slot: str = "") -> Question:
    return Question(sentence=sentence, command=Command(text="", intent=intent, slots=slots), slot=slot, suggestion=name)


def _others(situation: Situation, part: str) -> str:
    """Describe what plays in the scene; "" where nothing does, or where the part already does."""
    view = situation.view
    # A muted part is not missing.
    there = tuple(track for track in view.tracks if view.scene in track.clips)
    if not there or any(track.part == part for track in there):
        return ""
    return " and ".join(name_part(one) for one in _parts(there)[:2]) or there[0].name


def _parts(tracks: tuple[TrackView, ...]) -> list[str]:
    return list(dict.fromkeys(track.part for track in tracks if track.part))


def _was_done(situation: Situation, intent: Intent, since: Intent | None = None) -> bool:
    """Return whether an action was done in this set, after the newest one of `since` if given."""
    done = (made.action.intent for made in reversed(situation.remembered.made))
    return next((each for each in done if each in (intent, since)), None) is intent
