"""Edits and things in a set that the tests of transactions share."""

from musearoo.bridge.protocol import (
    CreateArrangementAudioClip,
    CreateArrangementClip,
    CreateAudioClip,
)
from musearoo.bridge.protocol.codec import encode_notes
from tests.remote_scripts.studio import Studio, some_notes


class Ids:
    """The ids of a set before anything was made."""

    def __init__(self, room: Studio) -> None:
        self.midi, self.midi_2, self.audio, self.audio_2 = [track.id for track in room.tracks]
        self.return_track, _, self.master = [track.id for track in room.other_tracks]
        self.scenes = [scene.id for scene in room.scenes]


def existing_clip(room: Studio) -> int:
    """A clip of the user's, with two notes."""
    slot = room.live.song.tracks[1].clip_slots[7]
    slot.create_clip(4.0)
    note = room.live.Live.Clip.MidiNoteSpecification
    slot.clip.add_new_notes(
        (note(pitch=50, start_time=0.0, duration=1.0), note(pitch=52, start_time=1.0, duration=1.0))
    )
    room.step()
    return max(room.clips)


def audio_edit(ids: Ids, path: str) -> CreateAudioClip:
    return CreateAudioClip(ids.audio, ids.scenes[1], 0, path, "Loop", 0x1A2F96, 1, 4, 1)


def arranged_clip(ids: Ids) -> CreateArrangementClip:
    return CreateArrangementClip(ids.midi, 8.0, 4.0, "Fill", 0x1AFF2F, encode_notes(some_notes(5)))


def arranged_audio(ids: Ids, path: str, start: float = 16.0) -> CreateArrangementAudioClip:
    return CreateArrangementAudioClip(ids.audio, start, path, "Loop", -1, 1, -1)
