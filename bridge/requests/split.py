"""A request to split a clip, in two steps: read the clip, then write its stems as a transaction. Pure.

Minutes may lie between the two, so the second looks again whether the clip is still there and plays the same file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, SetMirror
from musearoo.bridge.live_set.writer import PART_COLORS
from musearoo.bridge.protocol import (
    LONGEST_NAME,
    ClipAudio,
    ClipState,
    CreateStem,
    CreateTrack,
    Edit,
    MixerState,
    MuteClip,
    Refusal,
    SetMixer,
    SetSend,
    Split,
    TrackState,
    Transaction,
)
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.generate import find_clip, require_set
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.text.bounded import cut_text
from musearoo.engines.music.stems import StemName
from musearoo.engines.music.timing import beats_per_second

MARGIN: Final = 8.0
"""Margin in seconds around the clip's passage that is split too, so that the clip can be made a little longer."""

WHOLE_FROM: Final = 0.5
"""If the passage is at least this share of the file, the whole file is split: the rest would save little."""

STEM_COLORS: Final[dict[StemName, int]] = {
    "drums": PART_COLORS["drums"],
    "bass": PART_COLORS["bass"],
    "vocals": PART_COLORS["melody"],
    "guitar": 0xE8B93A,
    "piano": PART_COLORS["harmony"],
    "other": PART_COLORS["atmosphere"],
}

PLAIN_VOLUME: Final = 0.85
"""0 dB, the fader position of a new track."""


@dataclass(frozen=True, slots=True)
class SplitReading:
    """The clip to be split, its name, and the seconds of its file; `end` None is the file's end.

    `frames`: as many samples as Live counts in the file, and wants of its stems; 0 where it does not tell.
    """

    clip: int
    name: str
    path: str
    frames: int
    start: float
    end: float | None
    split: Split

    @property
    def is_whole(self) -> bool:
        """Whether all of the file is split."""
        return not self.start and self.end is None


@dataclass(frozen=True, slots=True)
class StemFile:
    """A written stem: its kind and its path."""

    stem: StemName
    path: str


def read_split(mirror: SetMirror, split: Split, clip: int = 0) -> SplitReading:
    """Read the clip to be split, the selected one or that with this id; raises RequestError if it cannot be."""
    require_set(mirror)
    state = mirror.clips.get(clip) if clip else find_clip(mirror, split.track, split.scene)
    if state is None:
        raise RequestError(Refusal.GONE, "The clip has gone before it could be split.")
    name = _name_of(mirror, state)
    if not state.is_audio:
        raise RequestError(Refusal.WRONG_TRACK, f"{name} is MIDI: only audio is split. Choose an audio clip.")
    audio, region = mirror.audio.get(state.id), mirror.audio_region(state.id)
    if state.is_recording:
        raise RequestError(Refusal.LIVE_BUSY, f"{name} is being recorded: stop recording, then split it.")
    if audio is None or region is None:
        sentence = f"Live does not tell which file {name} plays, so it cannot be split: consolidate it and press again."
        raise RequestError(Refusal.GONE, sentence)
    start, end = _stretch(audio, region.start, region.end)
    frames = int(audio.sample_length) if audio.sample_rate > 0.0 else 0
    return SplitReading(state.id, name, audio.file_path, frames, start, end, split)


def _stretch(audio: ClipAudio, start: float, end: float) -> tuple[float, float | None]:
    """Return the seconds to split of a file of which a clip plays `start` to `end`: with a margin, or nearly all."""
    if audio.sample_rate <= 0.0 or end <= start:
        return 0.0, None
    length = audio.sample_length / audio.sample_rate
    start, end = max(0.0, start - MARGIN), min(length, end + MARGIN)
    return (0.0, None) if end - start >= WHOLE_FROM * length else (start, end)


def write_split(
    mirror: SetMirror,
    reading: SplitReading,
    stems: Sequence[StemFile],
    label: str,
    request_id: str,
    deadline: float,
) -> Composition:
    """Return the transaction that puts the stems under their clip, and sentences about it. `deadline` is Unix time.

    A stem goes onto the track that an earlier split of the source's track made for its kind, where those tracks stand
    in order right behind it and are free there; else all get new ones. `label` stands behind each name, "" for none.
    Raises RequestError if the clip has gone meanwhile or plays another file.
    """
    state = _still_there(mirror, reading, stems)
    source = mirror.tracks[state.track]
    kinds = [f" · {stem.stem.capitalize()}{f' ({label})' if label else ''}" for stem in stems]
    names = [cut_text(reading.name, LONGEST_NAME, kind) for kind in kinds]
    edits: list[Edit] = []
    tracks = _free_tracks(mirror, state, source, kinds)
    if not tracks:
        after = source.id
        for stem, name in zip(stems, names, strict=True):
            edits.append(CreateTrack(AUDIO_TRACK, after, name, STEM_COLORS[stem.stem]))
            after = -len(edits)
            tracks.append(after)
            edits += _like(mirror.mixers.get(source.id), after)
    edits += [
        CreateStem(state.id, track, stem.path, name, STEM_COLORS[stem.stem])
        for track, stem, name in zip(tracks, stems, names, strict=True)
    ]
    if reading.split.mute:
        edits.append(MuteClip(state.id, 1))
    listed = ", ".join(stem.stem for stem in stems)
    told = () if reading.is_whole else (_describe_stretch(reading),)
    name = cut_text(reading.name, LONGEST_NAME, f" split into {listed}{f' ({label})' if label else ''}")
    return Composition((Transaction(request_id, deadline), *edits), name, told)


def _still_there(mirror: SetMirror, reading: SplitReading, stems: Sequence[StemFile]) -> ClipState:
    state = mirror.clips.get(reading.clip)
    where = stems[0].path.replace("\\", "/").rpartition("/")[0]
    if state is None or state.track not in mirror.tracks:
        sentence = f"{reading.name} was deleted while it was being split; its stems lie in {where}."
        raise RequestError(Refusal.GONE, sentence)
    audio = mirror.audio.get(state.id)
    if audio is None or audio.file_path != reading.path:
        sentence = f"{reading.name} plays another file now; the stems of the former one lie in {where}."
        raise RequestError(Refusal.GONE, sentence)
    return state


def _free_tracks(mirror: SetMirror, clip: ClipState, source: TrackState, kinds: Sequence[str]) -> list[int]:
    """Return the tracks after the source's that are named for these stems, in order; none if one of them is in use."""
    tracks = []
    for number, kind in enumerate(kinds, 1):
        track = mirror.track_at(source.index + number)
        if track is None or track.kind != AUDIO_TRACK or not track.name.endswith(kind):
            return []
        if _is_taken(mirror, track, clip):
            return []
        tracks.append(track.id)
    return tracks


def _is_taken(mirror: SetMirror, track: TrackState, clip: ClipState) -> bool:
    if clip.scene:
        return mirror.clip_in_slot(track.id, clip.scene) is not None
    start, end = _span(mirror, clip)
    spans = (_span(mirror, other) for other in mirror.clips_in_arrangement(track.id))
    return any(first < end and start < last for first, last in spans)


def _span(mirror: SetMirror, clip: ClipState) -> tuple[float, float]:
    """Return a clip's first and last beat in the Arrangement; Live does not report how often a loop repeats."""
    if clip.looping:
        return clip.start, inf
    audio = mirror.audio.get(clip.id)
    rate = beats_per_second(mirror.song.tempo) if mirror.song and audio and not audio.warping else 1.0
    return clip.start, clip.start + clip.length * rate


def _like(mixer: MixerState | None, track: int) -> list[Edit]:
    """The edits that give a new track the source's level, place and sends, so that the stems are as loud as it was."""
    if mixer is None:
        return []
    edits: list[Edit] = []
    if mixer.volume != PLAIN_VOLUME:
        edits.append(SetMixer(track, "volume", mixer.volume))
    if mixer.panning:
        edits.append(SetMixer(track, "panning", mixer.panning))
    edits += [SetSend(track, number, value) for number, value in enumerate(mixer.sends) if value]
    return edits


def _name_of(mirror: SetMirror, state: ClipState) -> str:
    track = mirror.tracks.get(state.track)
    return state.name or (track.name if track else "") or "the clip"


def _describe_stretch(reading: SplitReading) -> str:
    end = f"to {_clock(reading.end)}" if reading.end is not None else "on"
    return f"The stems hold the file from {_clock(reading.start)} {end}, around what the clip plays; else silence."


def _clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> _clock(83.4)
    '1:23'
    """
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def stem_files(files: Mapping[StemName, object]) -> tuple[StemFile, ...]:
    """The stems that were written, in the order of their tracks."""
    return tuple(StemFile(stem, str(path)) for stem, path in files.items())
