"""Requests about existing clips: change, analyze, split, undo or delete."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.language.copilot.comparison import amount, level_of
from musearoo.engines.language.copilot.places import (
    TRACK,
    ClipTarget,
    default_to_shown_clip,
    find_clip,
    find_each,
    find_scene,
    find_tracks,
)
from musearoo.engines.language.copilot.playing_along import changed_take, drop, undone_take
from musearoo.engines.language.requests.actions import DoneAction, SetAction, name_part
from musearoo.engines.language.requests.amounts import STEPS, modifiers_of, split_change, with_amounts
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.engines.language.requests.replies import ActionRequest
from musearoo.engines.language.requests.slots import one_by_one, with_slots
from musearoo.engines.language.state.preferences import AMOUNTS
from musearoo.engines.language.state.situation import Situation, ask, refusal

STEMS: Final = (4, 6)
_UP: Final = {"complexity": "busier", "density": "denser"}
_DOWN: Final = {"complexity": "simpler", "density": "sparser"}


def request_change(situation: Situation, command: Command) -> ActionRequest:
    """Request to change one clip, or several."""
    slots = command.slots
    if several := one_by_one(command):
        return _change_several(situation, several)
    style = situation.style(slots.style)
    changes = tuple(change for change in slots.changes if split_change(change)[1])
    if not changes and style is None:
        raise ask("Change it how: busier, simpler, darker, brighter, more swing, …?", command, "changes")
    audition = changed_take(situation, command, changes, style.name if style else "")
    if audition is not None:
        return audition
    clip_target = find_clip(situation, command)
    if clip_target.is_audio:
        raise refusal(f"{clip_target.name} is audio: its notes cannot be changed. Split it, or imagine something else.")
    known = clip_target.made.action if clip_target.made else None
    base = replace(
        known or SetAction(intent=Intent.CHANGE), intent=Intent.CHANGE, changes=(), style="", options="", bpm=0.0
    )
    swing = base.swing or situation.swing_of(known.style if known and known.style else situation.view.known_style)
    if slots.than:
        changes = _compared(situation, command, clip_target, changes)
    first, last = sorted((slots.first_bar, slots.last_bar)) if slots.last_bar else (slots.first_bar, 0)
    action = replace(
        with_amounts(base, changes, swing),
        parts=(clip_target.part,) if clip_target.part else (),
        style=style.name if style else "",
        changes=modifiers_of(changes, swing),
        first_bar=first,
        last_bar=last,
        takes=slots.takes or 1,
        track=clip_target.track,
        scene=clip_target.scene,
        replace=slots.replace,
    )
    how = [*changes, *([f"as {style.name}"] if style else [])]
    if slots.than:
        how[-1] += f" than the {name_part(slots.than)}"
    where = (
        [f"bar {first}" if first == last else f"bars {max(1, first)} to {last or 'the end'}"] if first or last else []
    )
    takes = [f"{action.takes} takes"] if action.takes > 1 else []
    return ActionRequest(
        action, f"{_sentence_name(clip_target)}: {', '.join([*how, *where, *takes])}.", clip_target.name
    )


def _change_several(situation: Situation, commands: tuple[Command, ...]) -> ActionRequest:
    """Request to change several clips in one undo step."""
    if commands[0].slots.replace:
        raise refusal("One clip at a time is replaced: say which.")
    found = [find_each(situation, one, request_change) for one in commands]
    requests = {
        (requested.action.track, requested.action.scene) if situation.is_seen else requested.about: requested
        for requested in found
    }
    if any(requested.action.hear for requested in requests.values()):
        raise refusal("What you hear is changed by itself: keep it or drop it first.")
    if len(requests) == 1:
        return found[0]
    hows = {requested.sentence[len(requested.about) :] for requested in requests.values()}
    names = join_names([requested.about for requested in requests.values()])
    sentence = (
        f"{names[:1].upper()}{names[1:]}{hows.pop()}"
        if len(hows) == 1
        else " ".join(requested.sentence for requested in requests.values())
    )
    each = tuple(requested.action for requested in requests.values())
    return ActionRequest(SetAction(intent=Intent.CHANGE, each=each), sentence, names)


def request_back(situation: Situation, command: Command) -> ActionRequest:
    """Request to go back from the last take to the one before it."""
    remembered = situation.remembered
    last = remembered.clip
    if last is None:
        raise refusal("Nothing was made here yet that could be gone back from.")
    undo = Command(text=command.text, intent=Intent.UNDO)
    if last.action.takes > 1:
        raise ask(f"The last {last.action.takes} takes came together. Shall I undo them all?", undo)
    before = take_before(situation, last)
    if before is None:
        raise ask(f"There is no take before the {last.action.label or last.name}. Shall I undo it?", undo)
    # An analysis leaves nothing to undo, so the last written action is still the take.
    written = [made for made in remembered.made if made.action.intent is not Intent.ANALYSE]
    sentence = f"Back to the {before.action.label or before.name} in scene {before.scene}."
    along = situation.view.along
    if written[-1] is last and (along is None or along.written in ("", last.request)):
        return ActionRequest(SetAction(intent=Intent.UNDO, request=last.request), sentence)
    track = situation.view.track_at(last.track)
    if track is None or last.scene not in track.clips:
        raise refusal(f"The {last.action.label or last.name} is where it was no more: select its clip, then delete it.")
    action = SetAction(intent=Intent.DELETE, what="clip", track=last.track, scene=last.scene)
    return ActionRequest(action, sentence, f"the {last.action.label or last.name}, {track.name} in scene {last.scene}")


def take_before(situation: Situation, last: DoneAction) -> DoneAction | None:
    """Return the take of the same parts before another one that still exists, or None."""
    view = situation.view
    for made in reversed(situation.remembered.made):
        if made is last or made.at > last.at or not made.action.makes_clips or made.action.parts != last.action.parts:
            continue
        track = view.track_at(made.track)
        if track is not None and made.scene in track.clips and (made.track, made.scene) != (last.track, last.scene):
            return made
    return None


def request_undo(situation: Situation, _command: Command) -> ActionRequest:
    """Request to undo what was written last, or to drop an audition that is newer."""
    take = undone_take(situation)
    if take is not None:
        return drop(take)
    along = situation.view.along
    written = [made for made in situation.remembered.made if made.action.intent is not Intent.ANALYSE]
    if along is not None and along.written and along.written not in {made.request for made in written[-1:]}:
        # What the player played and kept is not in the memory of actions.
        return ActionRequest(SetAction(intent=Intent.UNDO), f"Undoing: {along.written_name}.")
    if not written:
        return ActionRequest(SetAction(intent=Intent.UNDO), "Undoing what was written last.")
    last = written[-1]
    name = f" the {last.action.label or last.name}" if last.action.makes_clips else f": {last.name}"
    return ActionRequest(SetAction(intent=Intent.UNDO), f"Undoing{name}.")


def request_analysis(situation: Situation, command: Command) -> ActionRequest:
    """Request to analyze a clip."""
    clip_target = find_clip(situation, default_to_shown_clip(situation, command))
    action = SetAction(intent=Intent.ANALYSE, track=clip_target.track, scene=clip_target.scene, deep=command.slots.deep)
    return ActionRequest(action, f"Hearing {clip_target.name}{', in depth' if action.deep else ''}.")


def request_split(situation: Situation, command: Command) -> ActionRequest:
    """Request to split an audio clip into stems."""
    stems = command.slots.stems or STEMS[0]
    if stems not in STEMS:
        nearest = min(STEMS, key=lambda known: abs(known - stems))
        raise ask(f"There are 4 or 6 stems. Shall it be {nearest}?", with_slots(command, stems=nearest), "stems")
    clip_target = find_clip(situation, default_to_shown_clip(situation, command))
    if situation.is_seen and not clip_target.is_audio:
        raise refusal(f"{clip_target.name} is MIDI: only audio is split into stems.")
    action = SetAction(intent=Intent.SPLIT, track=clip_target.track, scene=clip_target.scene, stems=stems)
    return ActionRequest(action, f"Splitting {clip_target.name} into {stems} stems.")


def request_delete(situation: Situation, command: Command) -> ActionRequest:
    """Request to delete a clip, a track or a scene, or several clips or tracks."""
    slots, view = command.slots, situation.view
    several = one_by_one(command)
    numbered = bool(several) and not slots.scene and all(one.slots.track for one in several)
    what = slots.what or (TRACK if numbered else "")
    if several and what in ("", "clip", TRACK):
        return _delete_several(situation, several, command, what)
    what = what or ("scene" if slots.scene and not (slots.target or slots.track) else "clip")
    if what == "scene":
        scene = find_scene(situation, command, may_be_new=False)
        if situation.is_seen and view.scenes <= 1:
            raise refusal("This is the only scene: Live keeps one.")
        return _deletion(
            SetAction(intent=Intent.DELETE, what=what, scene=scene), f"scene {scene}" if scene else "the scene"
        )
    if what == TRACK:
        tracks = find_tracks(situation, command if slots.target or slots.track else with_slots(command, target=TRACK))
        if len(tracks) > 1:
            raise ask("One track at a time: which one?", with_slots(command, target=""), "track")
        if situation.is_seen and len(view.tracks) <= 1:
            raise refusal("This is the only track: Live keeps one.")
        action = SetAction(intent=Intent.DELETE, what=what, track=tracks[0].number)
        return _deletion(action, f"track {action.track}, {tracks[0].name}" if situation.is_seen else tracks[0].name)
    if what != "clip":
        raise ask("Delete what: a clip, a track or a scene?", with_slots(command, what=""), "what")
    clip_target = find_clip(situation, command)
    action = SetAction(intent=Intent.DELETE, what=what, track=clip_target.track, scene=clip_target.scene)
    return _deletion(action, clip_target.full_name)


def _delete_several(situation: Situation, several: tuple[Command, ...], command: Command, what: str) -> ActionRequest:
    """Request to delete several clips of one scene, or several tracks."""
    if what == TRACK:
        tracks = find_tracks(situation, command)
        if situation.is_seen and len(tracks) >= len(situation.view.tracks):
            raise refusal("These are all the tracks that there are: Live keeps one.")
        names = [f"track {track.number}, {track.name}" if situation.is_seen else track.name for track in tracks]
        numbers = tuple(track.number for track in tracks)
        return _deletion(_action_on_several(what, numbers, 0), join_names(names))
    clip_targets = {(p.track, p.scene, p.name): p for p in (find_each(situation, one, find_clip) for one in several)}
    if len({clip_target.scene for clip_target in clip_targets.values()}) > 1:
        names = [clip_target.name for clip_target in clip_targets.values()]
        raise refusal(f"{join_names(names)} are in different scenes: delete one after the other.")
    numbers, scene = tuple(track for track, _, _ in clip_targets), next(iter(clip_targets.values())).scene
    return _deletion(
        _action_on_several("clip", numbers, scene), join_names([p.full_name for p in clip_targets.values()])
    )


def _action_on_several(what: str, tracks: tuple[int, ...], scene: int) -> SetAction:
    if len(tracks) == 1:
        return SetAction(intent=Intent.DELETE, what=what, track=tracks[0], scene=scene)
    return SetAction(intent=Intent.DELETE, what=what, tracks=tracks, scene=scene)


def _deletion(action: SetAction, name: str) -> ActionRequest:
    return ActionRequest(action, f"Deleting {name}.", name)


def _compared(
    situation: Situation, command: Command, clip_target: ClipTarget, changes: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the changes needed to be, say, busier than another part; raises UnclearError if it already is."""
    if not situation.is_seen:
        return changes
    other = name_part(command.slots.than)
    found = []
    for text in changes:
        degree, change = split_change(text)
        field = next((field for field in AMOUNTS if change in (_UP[field], _DOWN[field])), "")
        if not field:
            found.append(text)
            continue
        level = level_of(situation, command.slots.than, field)
        if level is None:
            alone = with_slots(command, than="")
            raise ask(f"I know nothing of the {other} to compare with. Shall I leave that out?", alone)
        own = (
            amount(clip_target.made.action, field)
            if clip_target.made
            else situation.view.measure(clip_target.track, clip_target.scene)
        )
        if own is None:
            found.append(text)
            continue
        sign = 1 if change == _UP[field] else -1
        missing = sign * (level - own) + STEPS[degree]
        if missing <= 1e-6:
            alone = with_slots(command, than="")
            raise ask(f"{_sentence_name(clip_target)} is {change} than the {other} already. Still {change}?", alone)
        found.append(f"much {change}" if missing > math.fsum((STEPS[""], STEPS["much"])) / 2 else change)
    return tuple(found)


def _sentence_name(clip_target: ClipTarget) -> str:
    return clip_target.name[:1].upper() + clip_target.name[1:]
