"""Edits of a track's mixer and routing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..live_set.states import AUDIO, GROUP, MASTER, MIDI, RETURN
from ..wire.table import BAD_PARAMETER, WRONG_TRACK
from .draft import Draft, DraftTrack, capital
from .refusal import EditError
from .work import Step, Work

if TYPE_CHECKING:
    from ..host.live import Parameter
    from ..wire.messages import Arguments


def set_mixer(draft: Draft, edit: Arguments) -> Step:
    """Set a mixer control."""
    track = draft.track(edit.track)
    control, value = edit.control, edit.value
    if control in ("volume", "panning"):
        if control == "volume" and value < 0:
            raise EditError(BAD_PARAMETER, f"The volume of {track.words} must be in 0..1, not {value:g}.")
        if track.live is not None:
            _refuse_disabled(track, getattr(track.live.mixer_device, control), control)
        return Step(lambda work: work.set(getattr(track.handle.mixer_device, control), "value", value), track)
    if value not in (0, 1):
        raise EditError(BAD_PARAMETER, f"{capital(control)} of {track.words} must be 0 or 1, not {value:g}.")
    refused = {"mute": (MASTER,), "solo": (MASTER,), "arm": (MASTER, RETURN, GROUP)}[control]
    if track.kind in refused or (control == "arm" and track.live is not None and not track.live.can_be_armed):
        raise EditError(WRONG_TRACK, f"{capital(track.words)} has no {control} button.")
    return Step(lambda work: work.set(track.handle, control, bool(value)), track)


def set_send(draft: Draft, edit: Arguments) -> Step:
    """Set the level of a track's send to a return."""
    track = draft.track(edit.track)
    returns = len(draft.song.return_tracks)
    if track.kind == MASTER:
        raise EditError(WRONG_TRACK, "The master track has no sends.")
    if edit.send >= returns:
        raise EditError(BAD_PARAMETER, f"{capital(track.words)} has {returns} sends, there is no send {edit.send + 1}.")
    if track.live is not None:
        _refuse_disabled(track, track.live.mixer_device.sends[edit.send], f"send {edit.send + 1}")
    return Step(lambda work: work.set(track.handle.mixer_device.sends[edit.send], "value", edit.value), track)


def _refuse_disabled(track: DraftTrack, parameter: Parameter, control: str) -> None:
    if not parameter.is_enabled:
        raise EditError(
            WRONG_TRACK, f"The {control} of {track.words} is held by a macro or by remote control: free it first."
        )


def set_routing(draft: Draft, edit: Arguments) -> Step:
    """Choose the input or output of a track's audio or MIDI."""
    track = draft.track(edit.track)
    if track.kind == MASTER or (edit.which.startswith("input") and track.kind not in (MIDI, AUDIO)):
        raise EditError(WRONG_TRACK, f"{capital(track.words)} has no {edit.which} to choose.")
    # The channels depend on the type, and a new track has its lists a moment later. So a choice that an earlier edit of
    # this transaction may still change is checked when it is performed.
    if track.live is not None and not track.rerouted:
        _choice(track, edit)
    track.rerouted = True

    def perform(work: Work) -> None:
        work.set(track.handle, _attribute(edit), _choice(track, edit))

    return Step(perform, track)


def _attribute(edit: Arguments) -> str:
    way, chooser = edit.which.split(" ")
    return f"{way}_routing_{chooser}"


def _choice(track: DraftTrack, edit: Arguments) -> Any:
    choices = list(getattr(track.handle, f"available_{_attribute(edit)}s"))
    for choice in choices:
        if choice.display_name == edit.choice:
            return choice
    if not any(choice.display_name for choice in choices):
        raise EditError(
            BAD_PARAMETER,
            f"Live lists no {edit.which} for {track.words} at this moment: "
            "a new track gets its list a moment later, so choose it in a request of its own.",
        )
    shown = ", ".join([choice.display_name for choice in choices[:8]])
    raise EditError(
        BAD_PARAMETER, f"{capital(track.words)} has no {edit.which} called {edit.choice!r:.60}; it has {shown}."
    )
