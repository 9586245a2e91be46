"""Orders for something new: parts, songs and imagined loops, once or once more."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.language.copilot.comparison import level_of
from musearoo.engines.language.copilot.places import find_clip, find_scene, require_midi_track
from musearoo.engines.language.copilot.playing_along import another_take, heard_take, require_hearing, require_played
from musearoo.engines.language.requests.actions import USUAL_BARS, Deed, name_part, name_parts
from musearoo.engines.language.requests.amounts import split_change, with_amount, with_amounts
from musearoo.engines.language.requests.commands import BAND, MANNERS, PARTS, TO_PLAYED, Command, Intent
from musearoo.engines.language.requests.numerals import chords_in_key
from musearoo.engines.language.requests.replies import Order
from musearoo.engines.language.requests.slots import with_slots
from musearoo.engines.language.state.preferences import AMOUNTS, describe, prefer
from musearoo.engines.language.state.situation import Situation, ask, read_key, tell
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key

WHAT_TO_PLAY: Final = "What shall I play: drums, bass, chords, a melody, a pad or the whole band?"
LONGEST_CHORDS: Final = 160
LONGEST_PROMPT: Final = 400
"""Characters: what fits into a message with all else that it says."""

_TO_PLAYED: Final = {
    "answer": "in answer to what you played",
    "continue": "going on from what you played",
    "thirds": "in thirds to what you played",
    "sixths": "in sixths to what you played",
    "four parts": "what you played in four parts",
    "accompany": "under what you played",
}
_OF_AMOUNT: Final = {
    "complexity": ("simpler", "busier"),
    "density": ("sparser", "denser"),
    "swing": ("less swing", "more swing", "straight"),
    "register": ("lower", "higher"),
}
"""The changes that say something of a trait: what a sentence says itself, no preference says."""


def order_play(situation: Situation, command: Command) -> Order:
    """New parts."""
    slots = command.slots
    last = _last_played(situation, slots.parts) if slots.like else None
    if slots.like and last is None:
        raise ask(f"Nothing was played yet to be like. {WHAT_TO_PLAY}", with_slots(command, like=""), "parts")
    parts = _parts(command, last)
    deed = last or Deed(intent=Intent.PLAY, bars=USUAL_BARS)
    take = heard_take(situation, command)
    hear = slots.hear or (take is not None and take.deed is not None and take.deed.parts == parts)
    if hear:
        require_hearing(situation, command)
    if slots.to_played:
        require_played(situation, command, parts)
    style = situation.style(slots.style)
    deed = replace(
        deed,
        intent=Intent.PLAY,
        parts=parts,
        style=style.name if style else deed.style,
        bars=slots.bars or (_bars_played(situation) if slots.to_played else deed.bars),
        key=read_key(slots.key) or deed.key,
        chords=_chords(slots.chords or _of_numerals(situation, command, deed)) or deed.chords,
        bpm=_bpm(command),
        manner=_manner(slots.manner, parts) or (deed.manner if "bass" in parts else ""),
        takes=slots.takes or 1,
        hear=hear and slots.takes <= 1,
        to_played=slots.to_played if slots.to_played in TO_PLAYED else deed.to_played,
    )
    deed = _placed(situation, command, deed)
    deed, learnt = (deed, []) if last else _as_liked(situation, command, deed)
    deed = _like_the_set(situation, deed)
    deed = _changed(situation, command, deed)
    return Order(deed, _describe_play(situation, deed, command, learnt))


def order_again(situation: Situation, command: Command) -> Order:
    """Another take of what is heard, or was made, tried or taken back last, or of a clip."""
    slots, remembered = command.slots, situation.remembered
    heard = another_take(situation, command)
    if heard is not None:
        return heard
    plain = not (slots.target or slots.parts or slots.track or slots.scene)
    if plain and remembered.failed is not None:
        return Order(_still_possible(situation, remembered.failed), "Once more.")
    undone = remembered.undone if remembered.undone and remembered.undone.deed.makes_clips else None
    made = (undone or remembered.clip) if plain else remembered.newest(slots.target)
    if made is None or not made.deed.makes_clips or slots.track:
        place = find_clip(situation, command)
        if place.made is None:
            if place.is_audio:
                raise tell(f"{place.name} is audio, which nobody here played: say “imagine” and what it is to be.")
            deed = Deed(
                intent=Intent.CHANGE,
                parts=(place.part,) if place.part else (),
                changes=("again",),
                takes=slots.takes or 1,
                track=place.track,
                scene=place.scene,
            )
            return Order(deed, f"Another take of {place.name}.")
        made = place.made
    deed = made.deed
    part = slots.target if slots.target in PARTS else ""
    if part and deed.intent is Intent.PLAY:
        deed = replace(deed, parts=(part,))
    if deed.intent is Intent.CHANGE and not _is_there(situation, deed):
        # The clip that was changed has gone: another take of what it became.
        deed = replace(deed, changes=("again",), track=made.track, scene=made.scene)
        if not _is_there(situation, deed):
            raise tell(f"What that was about, the {made.deed.label or made.name}, has gone: select a clip first.")
    elif deed.intent is not Intent.CHANGE:
        # From where the last one stands the next empty slot is taken.
        asked = find_scene(situation, command, may_be_new=True) if slots.scene else 0
        track = made.track if deed.track and situation.view.track_at(made.track) else 0
        deed = replace(deed, scene=asked or made.scene or deed.scene, track=track, bpm=0.0)
    deed = replace(deed, takes=slots.takes or 1, replace=False)
    count = f"{deed.takes} more takes" if deed.takes > 1 else "Another take"
    return Order(deed, f"{count} of the {deed.label or made.name}.")


def order_song(situation: Situation, command: Command) -> Order:
    """A whole song."""
    slots = command.slots
    style = situation.style(slots.style)
    amounts = with_amounts(Deed(intent=Intent.SONG), slots.changes)
    deed = Deed(
        intent=Intent.SONG,
        style=style.name if style else "",
        key=read_key(slots.key),
        seconds=slots.seconds,
        complexity=amounts.complexity,
        where=slots.where if slots.where in ("scenes", "timeline") else "scenes",
    )
    words = [f"{deed.label[0].upper()}{deed.label[1:]}"]
    words += [_length(deed.seconds)] if deed.seconds else []
    words += [deed.key] if deed.key else []
    words += [change for change in slots.changes if split_change(change)[1] in _OF_AMOUNT["complexity"]]
    words += ["on the timeline" if deed.where == "timeline" else "as scenes"]
    unused = [change for change in slots.changes if split_change(change)[1] not in _OF_AMOUNT["complexity"]]
    sorry = f" A song as a whole cannot be made {' and '.join(unused)}: change its clips." if unused else ""
    return Order(deed, f"{', '.join(words)}.{sorry}")


def order_imagine(situation: Situation, command: Command) -> Order:
    """An audio loop of words."""
    slots = command.slots
    if len(slots.prompt) > LONGEST_PROMPT:
        raise tell(f"That is too long to imagine: say it in {LONGEST_PROMPT} characters.")
    track = situation.view.track_at(slots.track)
    if slots.track and situation.is_seen and (track is None or not track.is_audio):
        what = f"Track {slots.track}, {track.name}, is no audio track" if track else f"There is no track {slots.track}"
        raise ask(f"{what}. Shall the loop get a track of its own?", with_slots(command, track=0), "track")
    deed = Deed(
        intent=Intent.IMAGINE,
        prompt=slots.prompt,
        bars=slots.bars or USUAL_BARS,
        key=read_key(slots.key),
        takes=slots.takes or 1,
        track=slots.track,
        scene=find_scene(situation, command, may_be_new=True),
    )
    takes = [f"{deed.takes} takes"] if deed.takes > 1 else []
    about = f"Imagining {deed.label}" if deed.prompt else "Imagining what the set suggests"
    return Order(deed, f"{', '.join([about, *takes, _bars(deed.bars), *filter(None, [deed.key])])}.")


def _last_played(situation: Situation, parts: tuple[str, ...]) -> Deed | None:
    """The numbers of the newest part that is heard, or was played or changed; its style where that was said."""
    along = situation.view.along
    take = along.heard.deed if along is not None and along.heard is not None else None
    if take is not None and take.intent is Intent.PLAY and parts in ((), take.parts):
        return take
    played = [made.deed for made in situation.remembered.made if made.deed.intent in (Intent.PLAY, Intent.CHANGE)]
    played = [deed for deed in played if deed.parts]
    same = [deed for deed in played if deed.parts == parts]
    if not played:
        return None
    last = (same or played)[-1]
    styled = [deed.style for deed in played if deed.parts == last.parts and deed.style]
    # What was wished of a clip is no wish for a new part: its amounts have it already.
    wishes = last.changes if last.intent is Intent.PLAY else ()
    return replace(last, style=styled[-1] if styled else "", bars=last.bars or USUAL_BARS, changes=wishes)


def _parts(command: Command, last: Deed | None) -> tuple[str, ...]:
    slots = command.slots
    said = slots.parts or ((slots.target,) if slots.target in (*PARTS, BAND) else ())
    if not said and last is None and slots.manner in MANNERS:
        said = ("bass",)
    if not said and slots.numerals and not slots.like:
        said = ("harmony",)
    if not said and last is None:
        raise ask(WHAT_TO_PLAY, command, "parts")
    unknown = [part for part in said if part not in (*PARTS, BAND)]
    if unknown:
        raise ask(f"Nobody here plays “{unknown[0]}”. {WHAT_TO_PLAY}", with_slots(command, parts=()), "parts")
    if not said:
        return last.parts if last else ()
    return (BAND,) if BAND in said else tuple(dict.fromkeys(said))


def _placed(situation: Situation, command: Command, deed: Deed) -> Deed:
    slots = command.slots
    track = require_midi_track(situation, command)
    several = len(deed.parts) > 1 or BAND in deed.parts
    if track and several:
        raise ask("Several parts do not fit on one track. Shall each have its own?", with_slots(command, track=0))
    scene = find_scene(situation, command, may_be_new=True)
    if slots.replace and not track and not several:
        track = _track_to_replace(situation, command, deed.parts[0], scene)
    return replace(deed, track=track, scene=scene, replace=slots.replace)


def _track_to_replace(situation: Situation, command: Command, part: str, scene: int) -> int:
    """The track whose clip makes way; 0 where the part's own track, or a new one, will do."""
    there = [track for track in situation.view.tracks if track.part == part and scene in track.clips]
    if not there or any(track.is_own for track in there):
        return 0
    notes = [track for track in there if track.kind == "midi"]
    if not notes:
        name = name_part(part)
        sentence = f"{there[0].name} is audio: no notes can take its place. Shall I play {name} beside it?"
        raise ask(sentence, with_slots(command, replace=False))
    if len(notes) > 1:
        listed = " or ".join(f"track {track.number}, {track.name}" for track in notes[:4])
        raise ask(f"Replace which one: {listed}?", command, "track")
    return notes[0].number


def _bars_played(situation: Situation) -> int:
    """As many of the last bars as were played, up to the usual length."""
    along = situation.view.along
    return min(USUAL_BARS, max(1, along.played)) if along is not None else USUAL_BARS


def _of_numerals(situation: Situation, command: Command, deed: Deed) -> str:
    """The chords that were said by their place in a key: the sentence's, else the last one's, else the set's."""
    slots = command.slots
    if not slots.numerals:
        return ""
    key = read_key(slots.key) or deed.key or situation.view.known_key
    if not key:
        raise ask(f"In which key shall {slots.numerals.replace(' ', '-')} be?", command, "key")
    try:
        return chords_in_key(slots.numerals, Key.parse(key))
    except ParamError as error:
        raise tell(f"I cannot read the chords “{slots.numerals}”: {error}.") from None


def _chords(text: str) -> str:
    if not text:
        return ""
    if len(text) > LONGEST_CHORDS:
        raise tell(f"These are too many chords: say them in {LONGEST_CHORDS} characters.")
    try:
        spans = parse_progression(text)
    except ParamError as error:
        raise tell(f"I cannot read the chords “{text}”: {error}.") from None
    if not any(span.chord for span in spans):
        raise tell(f"There is no chord in “{text}”: say some such as D minor seven, G seven.")
    return text


def _bpm(command: Command) -> float:
    bpm = command.slots.bpm
    nearest = min(MAX_BPM, max(MIN_BPM, bpm))
    if bpm and bpm != nearest:
        sentence = f"Live goes from {MIN_BPM:g} to {MAX_BPM:g} BPM. Shall it be {nearest:g}?"
        raise ask(sentence, with_slots(command, bpm=nearest), "bpm")
    return bpm


def _manner(manner: str, parts: tuple[str, ...]) -> str:
    if manner and "bass" not in parts and BAND not in parts:
        raise tell(f"Only a bass plays {manner}: ask for a {manner} bass.")
    return manner if manner in MANNERS and "bass" in parts else ""


def _as_liked(situation: Situation, command: Command, deed: Deed) -> tuple[Deed, list[str]]:
    """The deed with what the user likes where the sentence leaves it open, and what that is in words."""
    if len(deed.parts) != 1:
        return deed, []
    slots, said = command.slots, {split_change(change)[1] for change in command.slots.changes}
    learnt = []
    for trait in (*AMOUNTS, "swing", "register", "bars", "style"):
        preferred = prefer(situation.preferences, deed.parts[0], trait)
        if preferred is None or said & set(_OF_AMOUNT.get(trait, ())):
            continue
        value = preferred.value
        if trait in AMOUNTS:
            deed = with_amount(deed, trait, float(value))
        elif trait == "swing":
            deed = replace(deed, swing=float(value))
        elif trait == "register":
            deed = replace(deed, changes=(*deed.changes, value))
        elif trait == "bars" and not slots.bars and not slots.chords:
            deed = replace(deed, bars=int(float(value)))
        elif trait == "style" and not deed.style and _has_no_style(situation, deed) and value in situation.styles:
            deed = replace(deed, style=value)
        else:
            continue
        learnt.append(describe(preferred))
    return deed, learnt


def _has_no_style(situation: Situation, deed: Deed) -> bool:
    scenes = (deed.scene, situation.view.scene)
    return not situation.view.known_style and not any(situation.begun_style(scene) for scene in scenes)


def _like_the_set(situation: Situation, deed: Deed) -> Deed:
    """The deed in the style that was begun, and in the key of what plays where its own scene says nothing of one."""
    view = situation.view
    style = situation.begun_style(deed.scene) or situation.begun_style(view.scene)
    if deed.scene == view.scene or any(deed.scene in track.clips and track.part != "drums" for track in view.tracks):
        # What plays there is heard.
        return replace(deed, style=deed.style or ("" if view.known_style else style))
    key = view.known_key if not deed.chords else ""
    known = view.known_style if view.known_style in situation.styles else ""
    return replace(deed, key=deed.key or key, style=deed.style or known or style)


def _changed(situation: Situation, command: Command, deed: Deed) -> Deed:
    slots = command.slots
    if slots.than and slots.changes:
        for field in AMOUNTS:
            if any(split_change(change)[1] in _OF_AMOUNT[field] for change in slots.changes):
                level = level_of(situation, slots.than, field)
                if level is None and situation.is_seen:
                    other = name_part(slots.than)
                    alone = with_slots(command, than="")
                    raise ask(f"I know nothing of the {other} to compare with. Shall I leave that out?", alone)
                deed = deed if level is None else with_amount(deed, field, level)
    return with_amounts(deed, slots.changes, situation.swing_of(deed.style or situation.view.known_style))


def _still_possible(situation: Situation, failed: Deed) -> Deed:
    """What failed, where the tracks that it is about are still there; UnclearError else."""
    numbers = {track.number for track in situation.view.tracks}
    if situation.is_seen and not {failed.track, *failed.tracks} - {0} <= numbers:
        raise tell("The track that this was about has gone: say it anew.")
    return failed


def _is_there(situation: Situation, deed: Deed) -> bool:
    track = situation.view.track_at(deed.track)
    return track is not None and deed.scene in track.clips


def _describe_play(situation: Situation, deed: Deed, command: Command, learnt: list[str]) -> str:
    slots = command.slots
    label = f"{deed.style} {deed.manner} {name_parts(deed.parts)}"
    words = [" ".join(label.split())]
    words[0] = words[0][0].upper() + words[0][1:]
    words += [f"{deed.takes} takes"] if deed.takes > 1 else []
    words += [_bars(deed.bars)]
    words += [deed.key] if deed.key else []
    words += [f"over {deed.chords}"] if deed.chords else []
    words += [f"{deed.bpm:g} BPM"] if deed.bpm else []
    words += [change for change in slots.changes if split_change(change)[1]]
    if slots.than and slots.changes:
        words[-1] += f" than the {name_part(slots.than)}"
    words += [f"on track {deed.track}"] if slots.track else []
    if deed.scene and slots.scene not in ("", "this"):
        is_new = situation.is_seen and deed.scene > situation.view.scenes
        words += ["in a new scene" if is_new else f"in scene {deed.scene}"]
    words += [_TO_PLAYED[deed.to_played]] if deed.to_played else []
    words += ["to be heard first"] if deed.hear else []
    told = f"; {' and '.join(learnt)}, as you usually keep it" if learnt else ""
    return f"{', '.join(words)}{told}."


def _bars(bars: int) -> str:
    return "1 bar" if bars == 1 else f"{bars} bars"


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{seconds} seconds"
    return f"{minutes}:{rest:02d} minutes" if rest else f"{minutes} minute{'' if minutes == 1 else 's'}"
