"""Requests about tracks and the whole set: mute and solo, levels, tempo, key, mix, and the device's own buttons."""

from __future__ import annotations

from typing import Final

from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.language.copilot.places import find_tracks
from musearoo.engines.language.copilot.playing_along import stop
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.amounts import TEMPO_STEPS
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.engines.language.requests.replies import ActionRequest
from musearoo.engines.language.requests.slots import with_slots
from musearoo.engines.language.state.situation import Situation, ask, read_key, refusal
from musearoo.engines.language.state.view import TrackView
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM

SAME_TEMPO: Final = 0.005
"""Tempo difference in BPM that Live does not show."""

_SWITCHING: Final = {
    Intent.MUTE: ("Muting", "muted already"),
    Intent.UNMUTE: ("Unmuting", "not muted"),
    Intent.SOLO: ("Soloing", "soloed already"),
    Intent.UNSOLO: ("Unsoloing", "not soloed"),
}
"""Sentence while it is done, and for a track that is already in that state."""


def request_switch(situation: Situation, command: Command) -> ActionRequest:
    """Request to mute, unmute, solo or unsolo tracks; nothing happens where they already are."""
    doing, done = _SWITCHING[command.intent]
    tracks = _tracks_to_switch(situation, command)
    left = tuple(track for track in tracks if not situation.is_seen or not _is_so(track, command.intent))
    if not left:
        raise refusal(f"{_names(tracks)} {'is' if len(tracks) == 1 else 'are'} {done}.")
    action = SetAction(intent=command.intent, tracks=tuple(track.number for track in left))
    return ActionRequest(action, f"{doing} {_names(left)}.")


def request_level(situation: Situation, command: Command) -> ActionRequest:
    """Request to make tracks louder or softer."""
    slots = command.slots
    if slots.up is None:
        raise ask("Louder or softer?", with_slots(command, up=True), "up")
    tracks = find_tracks(situation, command)
    degree = slots.degree if slots.degree in TEMPO_STEPS else ""
    action = SetAction(intent=Intent.LEVEL, tracks=tuple(track.number for track in tracks), up=slots.up, degree=degree)
    names = _names(tracks)
    how = f"{degree} {'louder' if slots.up else 'softer'}".strip()
    return ActionRequest(action, f"{names[:1].upper()}{names[1:]}: {how}.")


def request_tempo(situation: Situation, command: Command) -> ActionRequest:
    """Request to change the set's tempo, within Live's range."""
    slots, now = command.slots, situation.view.tempo
    if not slots.bpm and slots.up is None:
        raise ask("Which tempo, in beats a minute?", command, "bpm")
    step = TEMPO_STEPS.get(slots.degree, TEMPO_STEPS[""])
    bpm = slots.bpm or float(round(now * (1.0 + step if slots.up else 1.0 - step)))
    nearest = min(MAX_BPM, max(MIN_BPM, bpm))
    if nearest != bpm:
        at_bound = with_slots(command, bpm=nearest, up=None)
        raise ask(f"Live goes from {MIN_BPM:g} to {MAX_BPM:g} BPM. Shall it be {nearest:g}?", at_bound, "bpm")
    if situation.is_seen and abs(bpm - now) < SAME_TEMPO:
        raise refusal(f"The tempo is {now:g} BPM already.")
    was = f", {now:g} before" if situation.is_seen else ""
    return ActionRequest(SetAction(intent=Intent.TEMPO, bpm=bpm), f"Tempo: {bpm:g} BPM{was}.")


def request_key(_situation: Situation, command: Command) -> ActionRequest:
    """Request to set the set's key."""
    key = read_key(command.slots.key)
    if not key:
        raise ask("Which key?", command, "key")
    return ActionRequest(SetAction(intent=Intent.KEY, key=key), f"Key: {key}.")


def request_mix(situation: Situation, command: Command) -> ActionRequest:
    """Request to balance the tracks."""
    style = situation.style(command.slots.style)
    if situation.is_seen and not situation.view.tracks:
        raise refusal("There is nothing to mix yet: the set has no tracks.")
    action = SetAction(intent=Intent.MIX, style=style.name if style else "")
    return ActionRequest(action, f"Mixing{f' as {style.name}' if style else ''}: levels, places and sends.")


def request_listen(_situation: Situation, command: Command) -> ActionRequest:
    """Request to analyze or continue what the device's track just played."""
    slots = command.slots
    which = f"the last {slots.bars} bars" if slots.bars > 1 else "the last bar" if slots.bars else "what was played"
    action = SetAction(intent=Intent.LISTEN, bars=slots.bars, go_on=slots.go_on)
    return ActionRequest(action, f"{'Continuing' if slots.go_on else 'Listening to'} {which}.")


def request_auto_split(_situation: Situation, command: Command) -> ActionRequest:
    """Request to switch automatic stem separation of the device's track on or off."""
    on = command.slots.on is not False
    sentence = "From now on, audio on this track is split by itself." if on else "Audio on this track stays whole."
    return ActionRequest(SetAction(intent=Intent.AUTO_SPLIT, on=on), sentence)


def request_test(_situation: Situation, _command: Command) -> ActionRequest:
    """Request the device's self-test."""
    return ActionRequest(SetAction(intent=Intent.TEST), "Testing the device.")


def request_cancel(situation: Situation, _command: Command) -> ActionRequest:
    """Request to cancel what is running; else the jam, the audition, or endless music."""
    return stop(situation) or ActionRequest(SetAction(intent=Intent.CANCEL), "Stopping what is under way.")


def _tracks_to_switch(situation: Situation, command: Command) -> tuple[TrackView, ...]:
    """Return the tracks meant; "unmute" alone means all muted ones, if any."""
    slots, view = command.slots, situation.view
    alone = not (slots.target or slots.targets or slots.track or slots.parts)
    if alone and command.intent is Intent.UNMUTE:
        muted = tuple(track for track in view.tracks if track.muted)
        return muted or find_tracks(situation, command)
    if alone and command.intent is Intent.UNSOLO:
        soloed = tuple(track for track in view.tracks if track.soloed)
        return soloed or find_tracks(situation, command)
    return find_tracks(situation, command)


def _is_so(track: TrackView, intent: Intent) -> bool:
    return {
        Intent.MUTE: track.muted,
        Intent.UNMUTE: not track.muted,
        Intent.SOLO: track.soloed,
        Intent.UNSOLO: not track.soloed,
    }[intent]


def _names(tracks: tuple[TrackView, ...]) -> str:
    names = [track.name or f"track {track.number}" for track in tracks]
    return f"{len(names)} tracks" if len(names) > 4 else join_names(names)
