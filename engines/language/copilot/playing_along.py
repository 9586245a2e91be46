"""Requests about auditioned takes, what the player just played, and the jam.

While a take is auditioned, "it" is that take: keep writes it, undo and stop drop it, another or a change auditions
a new one in its place. "It" is what was written before once the audition ends, or if the sentence names it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from musearoo.engines.language.copilot.ambience import end_ambience
from musearoo.engines.language.copilot.places import find_clip, find_scene, require_midi_track
from musearoo.engines.language.requests.actions import SetAction, name_part
from musearoo.engines.language.requests.amounts import modifiers_of, split_change, with_amounts
from musearoo.engines.language.requests.commands import BAND, PARTS, Command, Intent
from musearoo.engines.language.requests.replies import ActionRequest
from musearoo.engines.language.requests.slots import with_slots
from musearoo.engines.language.state.situation import Situation, ask, refusal
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView

USUAL_TURN: Final = 4
"""Default bars of a turn: trading fours."""
LONGEST_MODIFIERS: Final = 160
"""Maximum characters of all modifiers of one take, as a message has room for."""

PASSING: Final = (
    "It would end with this command: put the MuseAroo device into the set first. "
    "Without Live, musearoo midi jam plays in a terminal."
)
NOTHING_AUDITIONED: Final = "Nothing is heard that could be dropped: say “let me hear a bass first”."
STILL_MADE: Final = "A take is still being made: hear it, then keep it."


def request_audition(situation: Situation, command: Command) -> ActionRequest:
    """Request to audition a clip of the set through MuseAroo's port, or to drop the audition."""
    along, slots = situation.view.along, command.slots
    if slots.on is False:
        if along is not None and along.audition is None and not along.is_making:
            raise refusal(NOTHING_AUDITIONED)
        return drop(along.audition if along else None)
    _require_sound(along)
    take = auditioned_take(situation, command)
    if take is not None:
        raise refusal(f"You hear it: the {take.label}. Say “keep it”, “another” or “drop it”.")
    clip_target = find_clip(situation, command)
    if clip_target.is_audio:
        raise refusal(f"{clip_target.name} is audio: only the notes of a MIDI clip are heard this way.")
    action = SetAction(intent=Intent.HEAR, on=True, track=clip_target.track, scene=clip_target.scene)
    return ActionRequest(action, f"You hear {clip_target.name} from the next bar on.")


def request_keep_take(situation: Situation, command: Command) -> ActionRequest | None:
    """Request to keep the auditioned take; None where there is none: then an existing clip is liked."""
    along = situation.view.along
    take = auditioned_take(situation, command)
    if take is not None:
        parts = take.action.parts if take.action is not None else ()
        return ActionRequest(SetAction(intent=Intent.KEEP, parts=parts), f"Keeping the {take.label}.")
    if along is not None and along.is_making and not (command.slots.target or command.slots.track):
        raise refusal(STILL_MADE)
    return None


def request_capture(situation: Situation, command: Command) -> ActionRequest:
    """Request a clip of what was just played in by MIDI."""
    along, slots = situation.view.along, command.slots
    if along is not None:
        _require_played(along)
    which = f"the last {_bars(slots.bars)}" if slots.bars > 1 else "the last bar" if slots.bars else "your last phrase"
    action = SetAction(
        intent=Intent.CAPTURE,
        bars=slots.bars,
        track=require_midi_track(situation, command),
        scene=find_scene(situation, command, may_be_new=True),
        # Without a track it goes to one of its own, which only has captured clips: nothing is replaced unasked.
        replace=slots.replace and bool(slots.track),
    )
    return ActionRequest(action, f"Keeping {which} as a clip.")


def require_played(situation: Situation, command: Command, parts: tuple[str, ...]) -> None:
    """Raise UnclearError where there is no playing to accompany: it asks, or says why."""
    along = situation.view.along
    if len(parts) != 1 or BAND in parts:
        raise ask("One of them plays to what you played: which one?", with_slots(command, parts=(), target=""), "parts")
    if along is not None:
        _require_played(along)


def request_jam(situation: Situation, command: Command) -> ActionRequest:
    """Request to start or end a jam."""
    along, slots = situation.view.along, command.slots
    if slots.on is False:
        if along is not None and not along.jams:
            raise refusal("Nobody jams just now: say “jam with me”, or “trade fours”.")
        return end_jam()
    named = slots.parts or ((slots.target,) if slots.target else ())
    unknown = [part for part in named if part not in (*PARTS, BAND)]
    if unknown:
        without = with_slots(command, parts=(), target="")
        raise ask(f"Nobody here plays “{unknown[0]}”. Who shall answer, or the whole band in turn?", without, "parts")
    parts = () if BAND in named else tuple(dict.fromkeys(named))
    if len(parts) > 1:
        names = " or ".join(name_part(part) for part in parts)
        raise ask(f"One of them answers, or the whole band in turn: {names}?", with_slots(command, parts=()), "parts")
    _require_sound(along)
    if along is not None:
        _require_input(along)
    style = situation.style(slots.style)
    going_on = along is not None and along.jams
    bars = slots.bars or (along.jam_bars if along is not None and going_on else 0) or USUAL_TURN
    amounts = with_amounts(SetAction(intent=Intent.JAM), slots.changes)
    action = SetAction(
        intent=Intent.JAM,
        on=True,
        bars=bars,
        parts=parts,
        style=style.name if style else "",
        complexity=amounts.complexity,
    )
    who = f"the {name_part(parts[0])} answers" if parts and parts[0] not in ("drums", "harmony") else ""
    who = who or (f"the {name_part(parts[0])} answer" if parts else "the band answers")
    words = [f"{'The jam goes on' if going_on else 'We jam'}: you play {_bars(bars)}, then {who}"]
    words += [style.name] if style else []
    return ActionRequest(action, f"{', '.join(words)}.")


def auditioned_take(situation: Situation, command: Command) -> AuditionedTake | None:
    """Return the auditioned take, unless a sentence names something else; None for a clip already in the set."""
    along, slots = situation.view.along, command.slots
    take = along.audition if along is not None else None
    if take is None or take.action is None or slots.track or slots.scene:
        return None
    meant = (*slots.targets, *((slots.target,) if slots.target else slots.parts if len(slots.parts) == 1 else ()))
    return take if set(meant) <= set(take.action.parts) else None


def another_take(situation: Situation, command: Command) -> ActionRequest | None:
    """Request another take in place of the auditioned one; None where there is none, or several are asked for."""
    take = auditioned_take(situation, command)
    if take is None or take.action is None or command.slots.takes > 1:
        return None
    _require_sound(situation.view.along)
    _require_source(situation, take.action)
    return ActionRequest(replace(take.action, hear=True, takes=1), f"Another take of the {take.label}, to be heard.")


def changed_take(situation: Situation, command: Command, changes: tuple[str, ...], style: str) -> ActionRequest | None:
    """Request to change the auditioned take; None where there is none, or another one is meant."""
    take, slots = auditioned_take(situation, command), command.slots
    if take is None or take.action is None:
        return None
    if slots.first_bar or slots.last_bar:
        raise refusal("Single bars are changed in the clip: keep what you hear first.")
    _require_sound(situation.view.along)
    _require_source(situation, take.action)
    action = replace(take.action, style=style or take.action.style, takes=1, hear=True)
    swing = action.swing or situation.swing_of(action.style or situation.view.known_style)
    if action.intent is Intent.PLAY:
        action = with_amounts(action, changes, swing)
    else:
        action = replace(action, changes=(*action.changes, *modifiers_of(changes, swing)))
    if len(", ".join(action.changes)) > LONGEST_MODIFIERS:
        raise refusal("It was changed so often that it is time to keep it: then change it further.")
    how = [*(change for change in changes if split_change(change)[1]), *([f"as {style}"] if style else [])]
    return ActionRequest(action, f"The {take.label}, {', '.join(how)}, to be heard.")


def undone_take(situation: Situation) -> AuditionedTake | None:
    """Return the auditioned take where nothing was written since: that is what an undo drops."""
    along = situation.view.along
    take = along.audition if along is not None else None
    if take is None or take.action is None:
        return None
    newest = max((made.at for made in situation.remembered.made), default=take.at)
    return take if take.at >= newest else None


def require_hearing(situation: Situation, command: Command) -> None:
    """Raise UnclearError where new parts cannot be auditioned; they could be written at once."""
    along = situation.view.along
    at_once = with_slots(command, hear=False)
    if along is not None and (along.problem or along.silent):
        raise ask(f"{along.problem or along.silent} Shall it go into the set at once?", at_once)
    if along is not None and along.is_passing:
        raise ask("No device is in the set to hear it by. Shall it go into the set at once?", at_once)


def stop(situation: Situation) -> ActionRequest | None:
    """Request to end the jam, the audition or endless music; None where something else runs, or nothing sounds."""
    along = situation.view.along
    if along is None or along.under_way:
        return None
    if along.jams:
        return end_jam()
    if along.audition is not None:
        return drop(along.audition)
    return end_ambience() if along.ambience_at is not None else None


def drop(take: AuditionedTake | None) -> ActionRequest:
    """Request to drop the audition."""
    if take is not None and take.action is None:
        return ActionRequest(SetAction(intent=Intent.HEAR), f"{take.label} is heard no more.")
    return ActionRequest(
        SetAction(intent=Intent.HEAR), f"Dropping the {take.label}." if take else "Dropping what is heard."
    )


def end_jam() -> ActionRequest:
    """Request to end the jam at the next bar."""
    return ActionRequest(SetAction(intent=Intent.JAM), "Ending the jam at the next bar.")


def _require_sound(along: PlayAlongView | None) -> None:
    if along is not None and (along.problem or along.silent):
        raise refusal(along.problem or along.silent)
    if along is not None and along.is_passing:
        raise refusal(PASSING)


def _require_played(along: PlayAlongView) -> None:
    _require_input(along)
    if not along.played:
        raise refusal("Nothing was played by MIDI yet. Where the track itself played, say “listen to what I played”.")


def _require_source(situation: Situation, action: SetAction) -> None:
    """Raise UnclearError where the track of a take no longer exists."""
    if action.track and situation.is_seen and situation.view.track_at(action.track) is None:
        raise refusal("The track of what you hear has gone: drop the take, and say what you would like.")


def _require_input(along: PlayAlongView) -> None:
    if along.problem:
        raise refusal(along.problem)
    if not along.has_input:
        raise refusal("No MIDI keyboard is there: connect one, and musearoo midi ports shows whether MuseAroo has it.")


def _bars(bars: int) -> str:
    return "1 bar" if bars == 1 else f"{bars} bars"
