"""Requests in sets without Live: the same notes again, and back to where they began."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.bridge.api.sets.messages import message_of
from musearoo.bridge.api.sets.packets import open_set, pack
from musearoo.bridge.api.sets.performing import StoredSet, Written, perform_message
from musearoo.bridge.api.sets.transactions import replay
from musearoo.bridge.api.types.requests import Act, AnyRequest, Band, Generate, Refine, Song
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import WriteSong
from musearoo.bridge.requests.refusing import RequestError
from tests.bridge.api.sets.some_sets import after, empty_set, perform, some_players

REQUESTS = (
    Generate(engine="drums", style="funk", bars=2),
    Generate(engine="bass", style="funk", bars=2, chords="Am F"),
    Generate(engine="melody", bars=1, takes=3),
    Generate(engine="drums", bars=1, replace=True),
    Generate(engine="harmony", bars=2, scene=0, bpm=96.0),
    Band(bars=1),
    Refine(changes=("busier",)),
    Refine(replace=True),
    Song(seconds=15.0),
    Act(intent="tempo", bpm=99.0),
    Act(intent="key", key="D minor"),
    Act(intent="mute", tracks=(1,)),
    Act(intent="level", tracks=(1,), db=-3.0),
    Act(intent="delete", what="track", tracks=(1,)),
    Act(intent="delete", what="clip", tracks=(1,)),
    Act(intent="delete", what="scene", scene=2),
)


def state(mirror: SetMirror) -> dict[str, object]:
    """What a set consists of, for comparisons."""
    tables = ("song", "tracks", "mixers", "scenes", "clips", "notes", "audio", "warp", "selection")
    return {name: getattr(mirror, name) for name in tables}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(REQUESTS), min_size=1, max_size=6))
def test_every_change_leads_back_and_forth_and_through_the_store(requests: list[AnyRequest]) -> None:
    stored = empty_set(key="A minor")
    steps: list[bytes] = []
    document = pack(stored.mirror.messages())
    for request in requests:
        before = deepcopy(state(stored.mirror))
        try:
            written = perform(stored, request)
        except RequestError:
            assert state(stored.mirror) == before
            continue
        performed = written.performed
        assert state(stored.mirror) == before, "the set before is left alone"
        back = replay(performed.mirror, performed.backward, performed.next_id)
        assert state(back.mirror) == before
        again = replay(back.mirror, performed.forward, back.next_id)
        assert state(again.mirror) == state(performed.mirror)
        steps.append(pack(performed.forward))
        stored = StoredSet(performed.mirror, stored.version + 1, performed.next_id)
    opened, next_id = open_set(document, steps)
    assert state(opened) == state(stored.mirror)
    assert next_id == stored.next_id
    kept, _ = open_set(pack(stored.mirror.messages()), ())
    assert state(kept) == state(stored.mirror)


def test_the_same_request_gives_the_same_takes() -> None:
    stored = after(empty_set(), Generate(engine="drums", style="funk"))
    first, second = (perform(stored, Generate(engine="bass", style="funk", seed=7)) for _ in range(2))
    assert first.takes[0].notes == second.takes[0].notes
    assert first.takes[0].context_hash == second.takes[0].context_hash
    assert first.takes[0].params == {"do": "generate", "engine": "bass", "style": "funk", "seed": 7}
    other = perform(after(stored, Act(intent="tempo", bpm=90.0)), Generate(engine="bass", style="funk", seed=7))
    assert other.takes[0].context_hash != first.takes[0].context_hash


def test_takes_say_where_they_are_and_how_they_were_made() -> None:
    written = perform(empty_set(bpm=104.0, time_signature="3/4", key="D minor"), Band(style="jazz", bars=4))
    parts = [take.part for take in written.takes]
    assert len(parts) >= 3
    assert parts[0] == "drums"
    for number, take in enumerate(written.takes, 1):
        assert (take.id, take.number) == (f"request-0.{number}", number)
        assert (take.bpm, take.key, take.time_signature, take.length_beats) == (104.0, "D minor", "3/4", 12.0)
        assert (take.track, take.scene, take.seed) == (number, 1, written.takes[0].seed)
        assert take.notes == tuple(sorted(take.notes))


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Generate(engine="kazoo"), "engine must be"),
        (Generate(style="polka"), "style must be"),
        (Generate(track=7), "Track 7 is not in the set"),
        (Generate(scene=9), "Scene 9 is not in the set"),
        (Generate(key="H minor"), "key"),
        (Generate(options={"kazoo": 1}), "options must be"),
        (Refine(), "No clip is shown"),
        (Act(intent="tempo"), "needs a value of bpm"),
        (Act(intent="mute", tracks=(3,)), "Track 3 is not in the set"),
        (Generate(changes=("as on track 2",)), "has no instrument"),
    ],
)
def test_what_cannot_be_done_is_said(request_: AnyRequest, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        perform(empty_set(), request_)


def test_takes_of_a_song_name_the_key_that_is_played() -> None:
    for of_set in ("A minor", ""):
        stored = empty_set(key=of_set)
        for wanted, expected in (("F# major", "F# major"), ("", of_set)):
            takes = perform(stored, Song(seconds=15.0, key=wanted, seed=7)).takes
            assert {take.key for take in takes} == {expected} if expected else {take.key for take in takes} != {""}


def test_a_song_is_not_played_again_in_clips_of_other_lengths() -> None:
    request = Song(style="funk", seconds=15.0, seed=3)
    stored = after(empty_set(), request)
    clips = {clip.name: clip.id for clip in stored.mirror.clips.values()}

    def play_again() -> Written:
        message = message_of(request, session=1, press=1)
        assert isinstance(message, WriteSong)
        return perform_message(stored, request, message, "again", "session", some_players(), song=clips)

    assert [take.clip for take in play_again().takes] == list(clips.values())
    name, id = next(iter(clips.items()))
    stored.mirror.apply(replace(stored.mirror.clips[id], length=99.0))
    with pytest.raises(RequestError, match=f"the song has no “{name}” of 99 beats"):
        play_again()
