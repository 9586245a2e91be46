"""Edits of an audio clip's timing: warping, warp markers, and the loop or range that plays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Iterator

from ..host.live import read
from ..live_set.warp_markers import SAME, are_same, decode_warp_markers, replace_markers, visible_markers
from ..wire.table import BAD_PARAMETER, UNSUPPORTED, WRONG_TRACK
from .draft import Draft, DraftClip, capital
from .refusal import EditError
from .work import MOST_TICKS, Step, Work

if TYPE_CHECKING:
    from ..host.live import Clip
    from ..wire.messages import Arguments

LOOP = ("loop_start", "loop_end")
MARKERS = ("start_marker", "end_marker")
"""The start and end of a clip's range; with looping off Live also uses them as the markers."""


def set_warping(draft: Draft, edit: Arguments) -> Step:
    """Switch warping on or off and choose the warp mode."""
    clip = _audio_clip(draft, edit.clip)
    if edit.warp_mode >= 0 and clip.live is not None:
        modes = read(clip.live, "available_warp_modes", None)
        if modes is not None and edit.warp_mode not in list(modes):
            listed = ", ".join([str(int(mode)) for mode in modes])
            raise EditError(BAD_PARAMETER, f"{capital(clip.words)} has no warp mode {edit.warp_mode}; it has {listed}.")
    if edit.warping >= 0:
        clip.will_be_warped = bool(edit.warping)

    def perform(work: Work) -> Iterator[None]:
        live = clip.handle
        if edit.warp_mode >= 0:
            work.set(live, "warp_mode", edit.warp_mode)
        if edit.warping >= 0 and bool(live.warping) != bool(edit.warping):
            live.warping = bool(edit.warping)
            # This also changes loop and markers, and only Live's own undo restores all of them.
            work.needs_undo = True
            yield from until_warping(live, bool(edit.warping))

    return Step(perform, clip)


def until_warping(live: Clip, wanted: bool) -> Iterator[None]:
    """Wait until the clip is warped, or is not. Raises RuntimeError on timeout."""
    for _ in range(MOST_TICKS):
        if bool(live.warping) == wanted:
            return
        yield
    raise RuntimeError("Live did not change the warping")


def set_warp_markers(draft: Draft, edit: Arguments) -> Step:
    """Replace an audio clip's warp markers."""
    clip = _audio_clip(draft, edit.clip)
    wanted = decode_warp_markers(edit.markers)
    if clip.live is not None:
        _refuse_unwarped(clip, clip.live)
        rate = read(clip.live, "sample_rate", 0.0)
        seconds = read(clip.live, "sample_length", 0) / rate if rate else wanted[-1].second
        if wanted[-1].second > seconds + SAME:
            raise EditError(
                BAD_PARAMETER,
                f"The last warp marker lies at second {wanted[-1].second:g}, "
                f"but the audio of {clip.words} lasts {seconds:g} seconds.",
            )

    def perform(work: Work) -> None:
        live = clip.handle
        if are_same(visible_markers(live), wanted):
            return
        # Set before the first change, because only Live's own undo restores markers exactly.
        work.needs_undo = True
        replace_markers(live, wanted)
        if not are_same(visible_markers(live), wanted):
            raise RuntimeError("Live keeps other warp markers than it was given")

    return Step(perform, clip)


def _refuse_unwarped(clip: DraftClip, live: Clip) -> None:
    refuse_fixed_markers(live)
    warped = live.warping if clip.will_be_warped is None else clip.will_be_warped
    if not warped:
        raise EditError(BAD_PARAMETER, f"{capital(clip.words)} is not warped: switch its warping on first.")


def refuse_fixed_markers(live: Clip) -> None:
    """Raise EditError in a Live where no script can set warp markers."""
    if not hasattr(live, "add_warp_marker"):
        raise EditError(
            UNSUPPORTED, "This Live has no way for a script to set warp markers (11.1 has it): update Live."
        )


def set_loop(draft: Draft, edit: Arguments) -> Step:
    """Set the range of a clip that plays."""
    clip = draft.clip(edit.clip)
    draft.refuse_frozen(clip.track)
    draft.refuse_recording(clip)
    if not (edit.loop_start < edit.loop_end and edit.start_marker < edit.loop_end):
        raise EditError(
            BAD_PARAMETER,
            f"The part of {clip.words} that plays must end after it starts, "
            f"not from {edit.loop_start:g} (start marker {edit.start_marker:g}) to {edit.loop_end:g}.",
        )
    if edit.looping == 1 and clip.is_audio and clip.live is not None:
        warped = clip.live.warping if clip.will_be_warped is None else clip.will_be_warped
        if not warped:
            raise EditError(BAD_PARAMETER, f"Live loops warped audio only: let {clip.words} be warped too.")

    def perform(work: Work) -> None:
        live = clip.handle
        if edit.looping >= 0:
            work.set(live, "looping", bool(edit.looping))
        set_span(work.set, live, LOOP, edit.loop_start, edit.loop_end)
        if live.looping:
            set_span(work.set, live, MARKERS, edit.start_marker, edit.loop_end)

    return Step(perform, clip)


def set_span(
    put: Callable[[Clip, str, float], None], live: Clip, names: tuple[str, str], start: float, end: float
) -> None:
    """Set both ends with `put`, in the order that keeps the start before the end."""
    both = ((names[0], start), (names[1], end))
    for name, value in both if start < getattr(live, names[1]) else reversed(both):
        put(live, name, value)


def _audio_clip(draft: Draft, ref: int) -> DraftClip:
    clip = draft.clip(ref)
    if not clip.is_audio:
        raise EditError(WRONG_TRACK, f"{capital(clip.words)} is MIDI and has no warp: choose an audio clip.")
    draft.refuse_frozen(clip.track)
    draft.refuse_recording(clip)
    return clip
