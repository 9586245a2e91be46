"""Requests for new material: parts, songs and generated loops, or another take of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.language.copilot.comparison import level_of
from musearoo.engines.language.copilot.places import find_clip, find_scene, require_midi_track
from musearoo.engines.language.copilot.playing_along import (
    another_take,
    auditioned_take,
    require_hearing,
    require_played,
)
from musearoo.engines.language.requests.actions import USUAL_BARS, SetAction, name_part, name_parts
from musearoo.engines.language.requests.amounts import split_change, with_amount, with_amounts
from musearoo.engines.language.requests.commands import BAND, MANNERS, PARTS, TO_PLAYED, Command, Intent
from musearoo.engines.language.requests.numerals import chords_in_key
from musearoo.engines.language.requests.replies import ActionRequest
from musearoo.engines.language.requests.slots import with_slots
from musearoo.engines.language.state.preferences import AMOUNTS, describe, prefer
from musearoo.engines.language.state.situation import Situation, ask, read_key, refusal
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key

WHAT_TO_PLAY: Final = "What shall I play: drums, bass, chords, a melody, a pad or the whole band?"
LONGEST_CHORDS: Final = 160
LONGEST_PROMPT: Final = 400
"""Maximum characters of a prompt: what fits into a message with its other fields."""

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
"""Traits named by changes: what a sentence says takes precedence over preferences."""


def request_play(situation: Situation, command: Command) -> ActionRequest:
    """Request to play new parts."""
    slots = command.slots
    last = _last_played(situation, slots.parts) if slots.like else None
    if slots.like and last is None:
        raise ask(f"Nothing was played yet to be like. {WHAT_TO_PLAY}", with_slots(command, like=""), "parts")
    parts = _parts(command, last)
    action = last or SetAction(intent=Intent.PLAY, bars=USUAL_BARS)
    take = auditioned_take(situation, command)
    hear = slots.hear or (take is not None and take.action is not None and take.action.parts == parts)
    if hear:
        require_hearing(situation, command)
    if slots.to_played:
        require_played(situation, command, parts)
    style = situation.style(slots.style)
    action = replace(
        action,
        intent=Intent.PLAY,
        parts=parts,
        style=style.name if style else action.style,
        bars=slots.bars or (_bars_played(situation) if slots.to_played else action.bars),
        key=read_key(slots.key) or action.key,
        chords=_chords(slots.chords or _of_numerals(situation, command, action)) or action.chords,
        bpm=_bpm(command),
        manner=_manner(slots.manner, parts) or (action.manner if "bass" in parts else ""),
        takes=slots.takes or 1,
        hear=hear and slots.takes <= 1,
        to_played=slots.to_played if slots.to_played in TO_PLAYED else action.to_played,
    )
    action = _with_destination(situation, command, action)
    action, learnt = (action, []) if last else _with_preferences(situation, command, action)
    action = _with_set_context(situation, action)
    action = _with_sound(situation, command, _with_changes(situation, command, action))
    return ActionRequest(action, _describe_play(situation, action, command, learnt))


def request_again(situation: Situation, command: Command) -> ActionRequest:
    """Request another take of what is auditioned, or was made, tried or undone last, or of a clip."""
    slots, remembered = command.slots, situation.remembered
    audition = another_take(situation, command)
    if audition is not None:
        return audition
    plain = not (slots.target or slots.parts or slots.track or slots.scene)
    if plain and remembered.failed is not None:
        return ActionRequest(_still_possible(situation, remembered.failed), "Once more.")
    undone = remembered.undone if remembered.undone and remembered.undone.action.makes_clips else None
    made = (undone or remembered.clip) if plain else remembered.newest(slots.target)
    if made is None or not made.action.makes_clips or slots.track:
        clip_target = find_clip(situation, command)
        if clip_target.made is None:
            if clip_target.is_audio:
                raise refusal(
                    f"{clip_target.name} is audio, which nobody here played: say “imagine” and what it is to be."
                )
            action = SetAction(
                intent=Intent.CHANGE,
                parts=(clip_target.part,) if clip_target.part else (),
                changes=("again",),
                takes=slots.takes or 1,
                track=clip_target.track,
                scene=clip_target.scene,
            )
            return ActionRequest(action, f"Another take of {clip_target.name}.")
        made = clip_target.made
    action = made.action
    part = slots.target if slots.target in PARTS else ""
    if part and action.intent is Intent.PLAY:
        action = replace(action, parts=(part,))
    if action.intent is Intent.CHANGE and not _is_there(situation, action):
        # The clip that was changed has gone: another take of what it became.
        action = replace(action, changes=("again",), track=made.track, scene=made.scene)
        if not _is_there(situation, action):
            raise refusal(f"What that was about, the {made.action.label or made.name}, has gone: select a clip first.")
    elif action.intent is not Intent.CHANGE:
        # Take the next empty slot, starting from the last take.
        asked = find_scene(situation, command, may_be_new=True) if slots.scene else 0
        track = made.track if action.track and situation.view.track_at(made.track) else 0
        action = replace(action, scene=asked or made.scene or action.scene, track=track, bpm=0.0)
    action = replace(action, takes=slots.takes or 1, replace=False)
    count = f"{action.takes} more takes" if action.takes > 1 else "Another take"
    return ActionRequest(action, f"{count} of the {action.label or made.name}.")


def request_song(situation: Situation, command: Command) -> ActionRequest:
    """Request a whole song."""
    slots = command.slots
    style = situation.style(slots.style)
    amounts = with_amounts(SetAction(intent=Intent.SONG), slots.changes)
    action = SetAction(
        intent=Intent.SONG,
        style=style.name if style else "",
        key=read_key(slots.key),
        seconds=slots.seconds,
        complexity=amounts.complexity,
        where=slots.where if slots.where in ("scenes", "timeline") else "scenes",
    )
    words = [f"{action.label[0].upper()}{action.label[1:]}"]
    words += [_length(action.seconds)] if action.seconds else []
    words += [action.key] if action.key else []
    words += [change for change in slots.changes if split_change(change)[1] in _OF_AMOUNT["complexity"]]
    words += ["on the timeline" if action.where == "timeline" else "as scenes"]
    unused = [change for change in slots.changes if split_change(change)[1] not in _OF_AMOUNT["complexity"]]
    sorry = f" A song as a whole cannot be made {' and '.join(unused)}: change its clips." if unused else ""
    return ActionRequest(action, f"{', '.join(words)}.{sorry}")


def request_imagine(situation: Situation, command: Command) -> ActionRequest:
    """Request an audio loop generated from words."""
    slots = command.slots
    if len(slots.prompt) > LONGEST_PROMPT:
        raise refusal(f"That is too long to imagine: say it in {LONGEST_PROMPT} characters.")
    track = situation.view.track_at(slots.track)
    if slots.track and situation.is_seen and (track is None or not track.is_audio):
        what = f"Track {slots.track}, {track.name}, is no audio track" if track else f"There is no track {slots.track}"
        raise ask(f"{what}. Shall the loop get a track of its own?", with_slots(command, track=0), "track")
    action = SetAction(
        intent=Intent.IMAGINE,
        prompt=slots.prompt,
        bars=slots.bars or USUAL_BARS,
        key=read_key(slots.key),
        takes=slots.takes or 1,
        track=slots.track,
        scene=find_scene(situation, command, may_be_new=True),
    )
    takes = [f"{action.takes} takes"] if action.takes > 1 else []
    about = f"Imagining {action.label}" if action.prompt else "Imagining what the set suggests"
    return ActionRequest(action, f"{', '.join([about, *takes, _bars(action.bars), *filter(None, [action.key])])}.")


def _last_played(situation: Situation, parts: tuple[str, ...]) -> SetAction | None:
    """Return the newest part auditioned, played or changed, with the style last specified for it."""
    along = situation.view.along
    take = along.audition.action if along is not None and along.audition is not None else None
    if take is not None and take.intent is Intent.PLAY and parts in ((), take.parts):
        return take
    played = [made.action for made in situation.remembered.made if made.action.intent in (Intent.PLAY, Intent.CHANGE)]
    played = [action for action in played if action.parts]
    same = [action for action in played if action.parts == parts]
    if not played:
        return None
    last = (same or played)[-1]
    styled = [action.style for action in played if action.parts == last.parts and action.style]
    # Modifiers of a clip do not apply to a new part: its amounts already include them.
    modifiers = last.changes if last.intent is Intent.PLAY else ()
    return replace(last, style=styled[-1] if styled else "", bars=last.bars or USUAL_BARS, changes=modifiers)


def _parts(command: Command, last: SetAction | None) -> tuple[str, ...]:
    slots = command.slots
    named = slots.parts or ((slots.target,) if slots.target in (*PARTS, BAND) else ())
    if not named and last is None and slots.manner in MANNERS:
        named = ("bass",)
    if not named and slots.numerals and not slots.like:
        named = ("harmony",)
    if not named and last is None:
        raise ask(WHAT_TO_PLAY, command, "parts")
    unknown = [part for part in named if part not in (*PARTS, BAND)]
    if unknown:
        raise ask(f"Nobody here plays “{unknown[0]}”. {WHAT_TO_PLAY}", with_slots(command, parts=()), "parts")
    if not named:
        return last.parts if last else ()
    return (BAND,) if BAND in named else tuple(dict.fromkeys(named))


def _with_destination(situation: Situation, command: Command, action: SetAction) -> SetAction:
    slots = command.slots
    track = require_midi_track(situation, command)
    several = len(action.parts) > 1 or BAND in action.parts
    if track and several:
        raise ask("Several parts do not fit on one track. Shall each have its own?", with_slots(command, track=0))
    scene = find_scene(situation, command, may_be_new=True)
    if slots.replace and not track and not several:
        track = _track_to_replace(situation, command, action.parts[0], scene)
    return replace(action, track=track, scene=scene, replace=slots.replace)


def _track_to_replace(situation: Situation, command: Command, part: str, scene: int) -> int:
    """Return the track whose clip is replaced; 0 if the part's own track, or a new one, is used."""
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
    """Return the number of bars just played, up to the default."""
    along = situation.view.along
    return min(USUAL_BARS, max(1, along.played)) if along is not None else USUAL_BARS


def _of_numerals(situation: Situation, command: Command, action: SetAction) -> str:
    """Return the chords named by scale degree, in the key of the sentence, the last part or the set."""
    slots = command.slots
    if not slots.numerals:
        return ""
    key = read_key(slots.key) or action.key or situation.view.known_key
    if not key:
        raise ask(f"In which key shall {slots.numerals.replace(' ', '-')} be?", command, "key")
    try:
        return chords_in_key(slots.numerals, Key.parse(key))
    except ParamError as error:
        raise refusal(f"I cannot read the chords “{slots.numerals}”: {error}.") from None


def _chords(text: str) -> str:
    if not text:
        return ""
    if len(text) > LONGEST_CHORDS:
        raise refusal(f"These are too many chords: say them in {LONGEST_CHORDS} characters.")
    try:
        spans = parse_progression(text)
    except ParamError as error:
        raise refusal(f"I cannot read the chords “{text}”: {error}.") from None
    if not any(span.chord for span in spans):
        raise refusal(f"There is no chord in “{text}”: say some such as D minor seven, G seven.")
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
        raise refusal(f"Only a bass plays {manner}: ask for a {manner} bass.")
    return manner if manner in MANNERS and "bass" in parts else ""


def _with_preferences(situation: Situation, command: Command, action: SetAction) -> tuple[SetAction, list[str]]:
    """Return the action with the user's preferences where the sentence leaves it open, and these in words."""
    if len(action.parts) != 1:
        return action, []
    slots, named = command.slots, {split_change(change)[1] for change in command.slots.changes}
    learnt = []
    for trait in (*AMOUNTS, "swing", "register", "bars", "style"):
        preferred = prefer(situation.preferences, action.parts[0], trait)
        if preferred is None or named & set(_OF_AMOUNT.get(trait, ())):
            continue
        value = preferred.value
        if trait in AMOUNTS:
            action = with_amount(action, trait, float(value))
        elif trait == "swing":
            action = replace(action, swing=float(value))
        elif trait == "register":
            action = replace(action, changes=(*action.changes, value))
        elif trait == "bars" and not slots.bars and not slots.chords:
            action = replace(action, bars=int(float(value)))
        elif trait == "style" and not action.style and _has_no_style(situation, action) and value in situation.styles:
            action = replace(action, style=value)
        else:
            continue
        learnt.append(describe(preferred))
    return action, learnt


def _has_no_style(situation: Situation, action: SetAction) -> bool:
    scenes = (action.scene, situation.view.scene)
    return not situation.view.known_style and not any(situation.begun_style(scene) for scene in scenes)


def _with_set_context(situation: Situation, action: SetAction) -> SetAction:
    """Return the action with the style begun, and with the set's key if its own scene has none."""
    view = situation.view
    style = situation.begun_style(action.scene) or situation.begun_style(view.scene)
    if action.scene == view.scene or any(
        action.scene in track.clips and track.part != "drums" for track in view.tracks
    ):
        # The analysis hears what plays there.
        return replace(action, style=action.style or ("" if view.known_style else style))
    key = view.known_key if not action.chords else ""
    known = view.known_style if view.known_style in situation.styles else ""
    return replace(action, key=action.key or key, style=action.style or known or style)


def _with_changes(situation: Situation, command: Command, action: SetAction) -> SetAction:
    slots = command.slots
    if slots.than and slots.changes:
        for field in AMOUNTS:
            if any(split_change(change)[1] in _OF_AMOUNT[field] for change in slots.changes):
                level = level_of(situation, slots.than, field)
                if level is None and situation.is_seen:
                    other = name_part(slots.than)
                    alone = with_slots(command, than="")
                    raise ask(f"I know nothing of the {other} to compare with. Shall I leave that out?", alone)
                action = action if level is None else with_amount(action, field, level)
    return with_amounts(action, slots.changes, situation.swing_of(action.style or situation.view.known_style))


def _with_sound(situation: Situation, command: Command, action: SetAction) -> SetAction:
    """Return the action with the sound of the track that the sentence names."""
    number = command.slots.sound_of
    if not number:
        return action
    alone = with_slots(command, sound_of=0)
    if len(action.parts) > 1 or BAND in action.parts:
        raise ask("One part takes the sound of a track. Shall each have its own?", alone)
    if situation.is_seen and situation.view.track_at(number) is None:
        raise ask(f"There is no track {number}. Shall I leave its sound out?", alone)
    return replace(action, changes=(*action.changes, f"sound of track {number}"))


def _still_possible(situation: Situation, failed: SetAction) -> SetAction:
    """Return the failed action if its tracks still exist; else raise UnclearError."""
    numbers = {track.number for track in situation.view.tracks}
    if situation.is_seen and not {failed.track, *failed.tracks} - {0} <= numbers:
        raise refusal("The track that this was about has gone: say it anew.")
    return failed


def _is_there(situation: Situation, action: SetAction) -> bool:
    track = situation.view.track_at(action.track)
    return track is not None and action.scene in track.clips


def _describe_play(situation: Situation, action: SetAction, command: Command, learnt: list[str]) -> str:
    slots = command.slots
    label = f"{action.style} {action.manner} {name_parts(action.parts)}"
    words = [" ".join(label.split())]
    words[0] = words[0][0].upper() + words[0][1:]
    words += [f"{action.takes} takes"] if action.takes > 1 else []
    words += [_bars(action.bars)]
    words += [action.key] if action.key else []
    words += [f"over {action.chords}"] if action.chords else []
    words += [f"{action.bpm:g} BPM"] if action.bpm else []
    words += [change for change in slots.changes if split_change(change)[1]]
    if slots.than and slots.changes:
        words[-1] += f" than the {name_part(slots.than)}"
    words += [f"on track {action.track}"] if slots.track else []
    words += [f"with the sound of track {slots.sound_of}"] if slots.sound_of else []
    if action.scene and slots.scene not in ("", "this"):
        is_new = situation.is_seen and action.scene > situation.view.scenes
        words += ["in a new scene" if is_new else f"in scene {action.scene}"]
    words += [_TO_PLAYED[action.to_played]] if action.to_played else []
    words += ["to be heard first"] if action.hear else []
    learnt_note = f"; {' and '.join(learnt)}, as you usually keep it" if learnt else ""
    return f"{', '.join(words)}{learnt_note}."


def _bars(bars: int) -> str:
    return "1 bar" if bars == 1 else f"{bars} bars"


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{seconds} seconds"
    return f"{minutes}:{rest:02d} minutes" if rest else f"{minutes} minute{'' if minutes == 1 else 's'}"
