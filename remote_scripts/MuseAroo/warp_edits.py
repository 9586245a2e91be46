"""Edits of how an audio clip lies on the beats: warping, warp markers, and which part of a clip plays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from .draft import Draft, DraftClip, capital
from .live import read, warp_marker
from .refusal import EditError
from .warp_markers import Marker, decode_warp_markers, visible_markers
from .wire_table import BAD_PARAMETER, UNSUPPORTED, WRONG_TRACK
from .work import MOST_TICKS, Step, Work

if TYPE_CHECKING:
    from .live import Clip
    from .messages import Arguments

_SAME = 1e-6
"""Seconds or beats by which what Live tells of a marker may differ from what it was given: a twentieth of a sample."""


def set_warping(draft: Draft, edit: Arguments) -> Step:
    """Switches warping on or off and chooses how the audio is stretched."""
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
            # Loop and markers change with it, and only Live's own undo brings all of them back.
            work.needs_undo = True
            yield from _until_warping(live, bool(edit.warping))

    return Step(perform, clip)


def _until_warping(live: Clip, wanted: bool) -> Iterator[None]:
    for _ in range(MOST_TICKS):
        if bool(live.warping) == wanted:
            return
        yield
    raise RuntimeError("Live did not change the warping")


def set_warp_markers(draft: Draft, edit: Arguments) -> Step:
    """Gives an audio clip other warp markers."""
    clip = _audio_clip(draft, edit.clip)
    wanted = decode_warp_markers(edit.markers)
    if clip.live is not None:
        _refuse_unwarped(clip, clip.live)
        rate = read(clip.live, "sample_rate", 0.0)
        seconds = read(clip.live, "sample_length", 0) / rate if rate else wanted[-1].second
        if wanted[-1].second > seconds + _SAME:
            raise EditError(
                BAD_PARAMETER,
                f"The last warp marker lies at second {wanted[-1].second:g}, "
                f"but the audio of {clip.words} lasts {seconds:g} seconds.",
            )

    def perform(work: Work) -> None:
        live = clip.handle
        if _are_same(visible_markers(live), wanted):
            return
        # Set before the first change: each of them is one that only Live's own undo takes back exactly.
        work.needs_undo = True
        _replace_markers(live, wanted)
        if not _are_same(visible_markers(live), wanted):
            raise RuntimeError("Live keeps other warp markers than it was given")

    return Step(perform, clip)


def _refuse_unwarped(clip: DraftClip, live: Clip) -> None:
    if not hasattr(live, "add_warp_marker"):
        raise EditError(
            UNSUPPORTED, "This Live has no way for a script to set warp markers (11.1 has it): update Live."
        )
    warped = live.warping if clip.will_be_warped is None else clip.will_be_warped
    if not warped:
        raise EditError(BAD_PARAMETER, f"{capital(clip.words)} is not warped: switch its warping on first.")


def _replace_markers(live: Clip, wanted: list[Marker]) -> None:
    """Gives the clip the wanted markers; they are in order after every single call, and one is always there."""
    first, *others = visible_markers(live)
    for marker in reversed(others):
        live.remove_warp_marker(marker.beat)
    fitting = [marker for marker in wanted if _fits(marker, first)]
    if not fitting and first not in wanted:
        # Every wanted marker lies across the one that stays for now: it is moved onto their line.
        live.move_warp_marker(first.beat, _beat_at(wanted, first.second) - first.beat)
        first = visible_markers(live)[0]
        fitting = [marker for marker in wanted if _fits(marker, first)]
    for marker in fitting:
        live.add_warp_marker(warp_marker(*marker))
    if first not in wanted:
        live.remove_warp_marker(first.beat)
    for marker in wanted:
        if marker != first and marker not in fitting:
            live.add_warp_marker(warp_marker(*marker))


def _fits(one: Marker, other: Marker) -> bool:
    return (one.second - other.second) * (one.beat - other.beat) > 0.0


def _beat_at(markers: list[Marker], second: float) -> float:
    """The beat of a second by the line through the markers, which goes on evenly on both sides."""
    stretches = list(zip(markers, markers[1:]))
    before, after = next((stretch for stretch in stretches if second < stretch[1].second), stretches[-1])
    return before.beat + (second - before.second) * (after.beat - before.beat) / (after.second - before.second)


def _are_same(found: list[Marker], wanted: list[Marker]) -> bool:
    return len(found) == len(wanted) and all(
        abs(one.second - other.second) <= _SAME and abs(one.beat - other.beat) <= _SAME
        for one, other in zip(found, wanted)
    )


def set_loop(draft: Draft, edit: Arguments) -> Step:
    """Chooses which part of a clip plays."""
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
        _set_span(work, live, "loop_start", "loop_end", edit.loop_start, edit.loop_end)
        if live.looping:
            _set_span(work, live, "start_marker", "end_marker", edit.start_marker, edit.loop_end)

    return Step(perform, clip)


def _set_span(work: Work, live: Clip, start_name: str, end_name: str, start: float, end: float) -> None:
    """Sets both ends in the order in which the start always lies before the end."""
    names = ((start_name, start), (end_name, end))
    for name, value in names if start < getattr(live, end_name) else reversed(names):
        work.set(live, name, value)


def _audio_clip(draft: Draft, ref: int) -> DraftClip:
    clip = draft.clip(ref)
    if not clip.is_audio:
        raise EditError(WRONG_TRACK, f"{capital(clip.words)} is MIDI and has no warp: choose an audio clip.")
    draft.refuse_frozen(clip.track)
    draft.refuse_recording(clip)
    return clip
