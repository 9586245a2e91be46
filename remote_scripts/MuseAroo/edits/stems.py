"""The edit that adds a stem of a clip, which plays exactly as that clip plays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generator, Iterator

from ..host.live import read
from ..live_set.states import AUDIO
from ..wire.table import BAD_PARAMETER, UNSUPPORTED, WRONG_TRACK
from .arrangement import Neighbours, SpareSlot, placed
from .clip_settings import ClipSettings
from .clips import empty_slot, name_and_color
from .draft import SLOT_ONLY, Draft, DraftClip, capital
from .loading import loaded, refuse_recording_track, refuse_unloadable
from .refusal import EditError
from .wave_file import wave_length
from .work import Step, Work

if TYPE_CHECKING:
    from ..host.live import Clip
    from ..wire.messages import Arguments
    from .clip_settings import Stretch
    from .draft import DraftTrack

_MOST_STRETCHES = 256
"""The maximum number of clips of one stem when it cannot be a looping clip."""

_SAME_BEAT = 1e-6
"""Tolerance in beats for the start and end of a clip: half a thousandth of a millisecond."""


def create_stem(draft: Draft, edit: Arguments) -> Step:
    """Create a clip of a stem on another track, in the source's scene or at the source's Arrangement position."""
    source = draft.clip(edit.source)
    live_source = _readable(draft, source)
    track = draft.clip_track(edit.track, AUDIO)
    refuse_unloadable(draft, edit.file_path)
    _refuse_other_length(source, live_source, edit.file_path)
    refuse_recording_track(draft, track)
    settings = ClipSettings(live_source)
    if source.scene is None:
        return _in_arrangement(draft, source, track, settings, edit)
    place = draft.place(track, source.scene, SLOT_ONLY)
    clip = DraftClip(track, place.scene, True, None)
    draft.put(clip, place)

    def perform(work: Work) -> Iterator[None]:
        slot = empty_slot(work, place)
        live = clip.live = yield from loaded(work, slot, edit.file_path)
        name_and_color(live, edit)
        yield from settings.give(live)
        yield from settings.lay(live)

    return Step(perform, clip, makes=True)


def _readable(draft: Draft, source: DraftClip) -> Clip:
    """Return the live clip of the source. Raises EditError when it has no readable audio."""
    if not source.is_audio:
        raise EditError(WRONG_TRACK, f"{capital(source.words)} is MIDI and has no stems: choose an audio clip.")
    if source.live is None:
        raise EditError(
            BAD_PARAMETER, f"{capital(source.words)} is not there yet: its stems belong in a later request."
        )
    draft.refuse_frozen(source.track)
    draft.refuse_recording(source)
    return source.live


def _refuse_other_length(source: DraftClip, live: Clip, path: str) -> None:
    """Raise EditError for a file whose sample count differs from the source's: it would not line up."""
    stem = wave_length(path)
    rate = read(live, "sample_rate", 0.0) or stem.rate
    if (stem.frames, stem.rate) != (live.sample_length, rate):
        raise EditError(
            BAD_PARAMETER,
            f"The stem has {stem.frames} samples at {stem.rate:g} Hz, but Live counts {live.sample_length:.0f} at "
            f"{rate:g} Hz in the audio of {source.words}, so they would not line up: "
            "consolidate that clip in Live and split it again.",
        )


def _in_arrangement(
    draft: Draft, source: DraftClip, track: DraftTrack, settings: ClipSettings, edit: Arguments
) -> Step:
    """First create the clip in an empty Session slot; then copy it to the Arrangement at the right length.

    Live adds a file to the Arrangement at its whole length, cutting whatever follows.
    """
    start, end = source.start, source.end
    draft.refuse_overlap(track, start, end)
    clip = DraftClip(track, None, True, None)
    clip.start, clip.end = start, end
    draft.arrangement(track).append(clip)

    def perform(work: Work) -> Iterator[None]:
        spare = SpareSlot(work, track)
        model = yield from loaded(work, spare.slot, edit.file_path)
        name_and_color(model, edit)
        yield from settings.give(model)
        first, *others = yield from _arranged(work, track, model, settings, start, end)
        clip.live = first
        for other in others:
            work.made.append(DraftClip(track, None, True, other))
        spare.clear()

    return Step(perform, clip, makes=True)


def _arranged(
    work: Work, track: DraftTrack, model: Clip, settings: ClipSettings, start: float, end: float
) -> Generator[None, None, list[Clip]]:
    """Return the clips that play from `start` to `end` what the source plays there: one, or several consecutive
    ones.
    """
    if not settings.is_warped:
        yield from settings.lay(model)
        return [_put_down(work, track, model, start)]
    yield from settings.lay_once(model, settings.start, end - start)
    one = _put_down(work, track, model, start)
    if settings.is_looping:
        # No script can set the end of a clip in the Arrangement. A clip that does not loop is as long as what it plays,
        # and keeps its range when its loop is enabled; where it does not, the repeats become separate clips.
        neighbours = Neighbours(track, [clip for clip in track.handle.arrangement_clips if clip != one])
        yield from settings.lay(one)
        neighbours.check(work)
        if not _lies(one, start, end):
            track.handle.delete_clip(one)
            return (yield from _in_a_row(work, track, model, settings, _few(settings, start, end)))
    if not _lies(one, start, end):
        raise RuntimeError(f"Live made a clip from beat {one.start_time:g} to {one.end_time:g} of {track.words}")
    return [one]


def _in_a_row(
    work: Work, track: DraftTrack, model: Clip, settings: ClipSettings, stretches: list[Stretch]
) -> Generator[None, None, list[Clip]]:
    made = []
    for stretch in stretches:
        yield from settings.lay_once(model, stretch.inside, stretch.length)
        made.append(_put_down(work, track, model, stretch.at))
    return made


def _few(settings: ClipSettings, start: float, end: float) -> list[Stretch]:
    stretches = list(settings.stretches(start, end))
    if len(stretches) > _MOST_STRETCHES:
        raise EditError(
            UNSUPPORTED, f"The clip repeats {len(stretches)} times: consolidate it in Live and split it again."
        )
    return stretches


def _put_down(work: Work, track: DraftTrack, model: Clip, start: float) -> Clip:
    live_track = track.handle
    return placed(work, track, start, lambda: live_track.duplicate_clip_to_arrangement(model, start))


def _lies(clip: Clip, start: float, end: float) -> bool:
    return abs(clip.start_time - start) <= _SAME_BEAT and abs(clip.end_time - end) <= _SAME_BEAT
