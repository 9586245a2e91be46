"""What the script does with transactions of every size: whole, on their samples, in one undo step."""

import random
import struct

import pytest

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.bridge.live_set.writer import PartTrack, takes_transaction
from musearoo.bridge.protocol import Result, SetTempo
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import beats_to_samples
from tests.path.conftest import Hosted

HOUR_SECONDS = 3600.0
SLOT = "song.tracks[0].clip_slots[0]"


def write(hosted: Hosted, clip: Clip, *before: Message) -> Result:
    _, *edits = takes_transaction(
        [clip],
        "unused",
        0.0,
        track=PartTrack.of("drums", hosted.host.track(0), "DrummaRoo", SetMirror()),
        scene=hosted.host.scene(0),
        replace=False,
    )
    answer = hosted.host.transact(*before, *edits)
    assert isinstance(answer, Result), answer
    return answer


@pytest.mark.parametrize("sample_rate", [44_100, 48_000, 88_200, 96_000])
def test_every_onset_of_an_hour_is_within_half_a_sample_of_its_place(hosted: Hosted, sample_rate: int) -> None:
    chance = random.Random(sample_rate)
    for asked in (20.0, 61.7, 120.0, 173.33, chance.uniform(20, 999), 999.0):
        # Live keeps its tempo in single precision; what counts is the tempo that it plays.
        (bpm,) = struct.unpack("f", struct.pack("f", asked))
        length = HOUR_SECONDS * bpm / 60.0
        ideal = sorted(chance.uniform(0, length - 1) for _ in range(500))
        notes = [Note(start, 24 + number % 96, 0.1, 100) for number, start in enumerate(ideal)]
        placed = place_on_samples(Clip.of("an hour", length, notes), bpm, sample_rate)
        write(hosted, placed, SetTempo(bpm))
        assert hosted.live.get("song.tempo") == bpm
        read = hosted.live.call(f"{SLOT}.clip.get_all_notes_extended")
        hosted.live.undo()
        assert len(read) == len(ideal)
        for start, wanted in zip(sorted(note[2] for note in read), ideal, strict=True):
            error = beats_to_samples(start, bpm, sample_rate) - beats_to_samples(wanted, bpm, sample_rate)
            # Half a sample, and the rounding of doubles at the hour's end (some 1e-7 of a sample).
            assert abs(error) <= 0.5 + 1e-6


def test_a_clip_of_20000_notes_arrives_whole_in_one_undo_step(hosted: Hosted) -> None:
    before = hosted.live.snapshot()
    clip = Clip.of("many", 512.0, (Note(n * 0.025, 20 + n % 100, 0.02, 1 + n % 127) for n in range(20_000)))
    answer = write(hosted, clip)
    assert answer.ids[-1] == 20_000
    read = hosted.live.call(f"{SLOT}.clip.get_all_notes_extended")
    assert sorted((note[2], note[1], note[3], note[4]) for note in read) == [
        (note.start, note.pitch, note.duration, note.velocity) for note in clip.notes
    ]
    hosted.live.undo()
    assert hosted.live.snapshot() == before


def test_what_went_with_a_transaction_that_is_taken_back_is_told_before_the_answer(hosted: Hosted) -> None:
    clip = Clip.of("gone", 4.0, [Note(0.0, 60, 1.0, 100)])
    before = frozenset(hosted.host.mirror.clips)
    written = write(hosted, clip)
    (made,) = hosted.host.clips_at[written.request] - before
    answer = hosted.host.take_back(written.request)
    assert isinstance(answer, Result), answer
    assert made not in hosted.host.clips_at[answer.request]


def test_a_repeated_request_changes_nothing(hosted: Hosted) -> None:
    tempo = hosted.live.get("song.tempo")
    first = hosted.host.transact(SetTempo(tempo + 1), request="again")
    hosted.live.set("song.tempo", tempo)
    second = hosted.host.transact(SetTempo(tempo + 1), request="again")
    assert isinstance(first, Result)
    assert isinstance(second, Result)
    assert (first.repeated, second.repeated) == (0, 1)
    assert hosted.live.get("song.tempo") == tempo
