"""Choose the passages to analyse, and their order: the audio clips of the scenes in view. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final

from musearoo.bridge.live_set.clip_audio import ClipRegion
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ClipAudio, ClipState

SCENES_IN_VIEW: Final = 8
"""Scenes above and below the selected one that count as in view: as many as a usual screen shows."""

MOST_PASSAGES: Final = 256
"""Most passages in view: 16 tracks of 16 scenes. The rest of a larger view follows as the selection moves."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The passage of an audio file that a clip plays, in whole milliseconds; `end_ms` 0 is the file's end."""

    path: str
    start_ms: int = 0
    end_ms: int = 0
    repeats: bool = False
    """Whether the clip loops exactly this passage, so that its length is a musical one."""

    @classmethod
    def of(cls, path: str, region: ClipRegion) -> "Passage":
        """Return the passage of a clip's region."""
        end_ms = round(region.end * 1000) if isfinite(region.end) else 0
        return cls(path, round(region.start * 1000), end_ms, region.repeats)

    @property
    def start(self) -> float:
        """Start in seconds."""
        return self.start_ms / 1000.0

    @property
    def end(self) -> float | None:
        """End in seconds, None for the file's end."""
        return self.end_ms / 1000.0 if self.end_ms else None


def passage_of(mirror: SetMirror, clip: int) -> Passage | None:
    """Return the passage of an audio clip; None for MIDI, an unknown file, or no length."""
    region = mirror.audio_region(clip)
    if region is None or region.duration <= 0.0:
        return None
    return Passage.of(mirror.audio[clip].file_path, region)


def is_another_sound(before: ClipAudio | None, now: ClipAudio) -> bool:
    """Whether a clip's sound may have changed: it is new, or has another file or length."""
    if before is None:
        return True
    return (before.file_path, before.sample_length, before.sample_rate) != (
        now.file_path,
        now.sample_length,
        now.sample_rate,
    )


def passages_in_view(mirror: SetMirror) -> tuple[Passage, ...]:
    """Return the passages in view, each once: the selected clip, its scene, playing clips, then the rest."""
    passages: dict[Passage, None] = {}
    for clip in _clips_in_view(mirror):
        passage = passage_of(mirror, clip.id) if clip.is_audio else None
        if passage is not None:
            passages[passage] = None
        if len(passages) == MOST_PASSAGES:
            break
    return tuple(passages)


def _clips_in_view(mirror: SetMirror) -> Iterator[ClipState]:
    """Yield the clips in view, the most urgent first; some of them again."""
    selected = mirror.scenes.get(mirror.selection.scene)
    middle = selected.index if selected else 0

    def rank(clip: ClipState) -> tuple[int, int]:
        scene, track = mirror.scenes.get(clip.scene), mirror.tracks.get(clip.track)
        return abs(scene.index - middle) if scene else SCENES_IN_VIEW, track.index if track else 0

    def clips_at(distance: int) -> list[ClipState]:
        indexes = {middle - distance, middle + distance}
        scenes = [scene.id for index in sorted(indexes) for scene in mirror.scenes_at(index)]
        return sorted((clip for scene in scenes for clip in mirror.clips_in_scene(scene)), key=rank)

    shown = mirror.clips.get(mirror.selection.clip)
    if shown is not None:
        yield shown
    yield from sorted(clips_at(0), key=lambda clip: not clip.is_playing)
    yield from sorted(mirror.playing_clips(), key=rank)
    for distance in range(1, SCENES_IN_VIEW + 1):
        yield from clips_at(distance)
