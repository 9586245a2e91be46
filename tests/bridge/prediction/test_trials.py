"""The set without the take that is heard in it is the set before: there the next one is composed ahead."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from musearoo.bridge.api.sets.transactions import AudioFacts, perform
from musearoo.bridge.core.composing import address_anew
from musearoo.bridge.live_set.mirror import REGULAR_TRACKS, SetMirror
from musearoo.bridge.prediction.trials import Before, Trial, Trials
from musearoo.bridge.protocol import Generate, Gone, InstrumentState, LoadInstrument, Refine, SongState
from musearoo.bridge.requests.refusing import RequestError
from tests.bridge.core.some_orders import a_mixed_set
from tests.bridge.prediction.test_ready_takes import prepare, some_request

NEXT_ID = 1000


def _a_set() -> SetMirror:
    """The mixed set with its tracks numbered without gaps, as Live numbers them."""
    mirror = a_mixed_set()
    for place, track in enumerate((mirror.tracks[50], mirror.tracks[51]), 3):
        mirror.apply(replace(track, index=place))
    return mirror


def _some_request(chance: Random) -> Generate | Refine:
    """A request for a take that is heard first."""
    request = some_request(chance)
    track = {5: 3, 6: 4}.get(request.track, request.track)
    return replace(request, hear=1, track=track, replace=chance.choice((0, 1)))


def _no_file(path: str) -> AudioFacts:
    raise AssertionError(f"no take has a file, such as {path}")


def _written(mirror: SetMirror, request: Generate | Refine) -> tuple[SetMirror, Trial] | None:
    """A set in which a take of a request is heard, and its trial; None where it cannot be made."""
    try:
        composer = prepare(mirror, request)
        made = composer()
    except RequestError:
        return None
    assert composer.basis is not None
    edits = made.messages[1:]
    performed = perform(mirror, edits, NEXT_ID, _no_file)
    before = Before.of(mirror, composer.basis)
    return performed.mirror, Trial.of(edits, [id for id, _ in performed.results], before, performed.mirror)


@pytest.mark.parametrize("seed", range(4))
def test_the_next_take_is_the_one_of_the_set_before(seed: int) -> None:
    chance = Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(40):
        mirror, first, as_it_was = _a_set(), _some_request(chance), _a_set()
        written = _written(mirror, first)
        if written is None:
            continue
        heard, trial = written
        then = repr(heard)
        dropped = trial.drop_from(heard)
        assert repr(heard) == then, "the set that is there stays as it is"
        assert dropped != heard
        dropped.apply(mirror.selection)
        assert dropped == mirror == as_it_was, first
        seen["replaced" if trial.replaced else "added"] += 1
        second = _some_request(chance)
        try:
            ahead, now = prepare(dropped, second, 10), prepare(mirror, second, 10)
        except RequestError:
            continue
        assert ahead.basis == now.basis, second
        taken, made = address_anew(ahead(), "device:10", 0.0), now()
        assert (taken.messages, taken.parts, taken.recipe) == (made.messages, made.parts, made.recipe)
        seen["another"] += prepare(heard, second, 10).basis != now.basis
    assert min(seen["replaced"], seen["added"], seen["another"]) >= 2, seen


def test_a_take_that_has_gone_is_not_dropped_again() -> None:
    mirror = _a_set()
    request = Generate(1, 9, "drummaroo", "funk", 1, 7, 0.5, 0.5, 0.5, 0.0, "", "", 3, 1, 1, hear=1)
    written = _written(mirror, request)
    assert written is not None
    heard, trial = written
    for id in trial.made:
        heard.apply(Gone(id))
    assert trial.replaced
    assert trial.drop_from(heard) is heard, "what was there before may be there again, by another id"


def test_a_track_that_was_moved_leaves_no_gap() -> None:
    mirror = _a_set()
    request = Generate(1, 9, "bassaroo", "funk", 1, 7, 0.5, 0.5, 0.5, 0.0, "", "", -1, 1, 0, hear=1)
    written = _written(mirror, request)
    assert written is not None
    heard, trial = written
    (made,) = heard.tracks.keys() - mirror.tracks.keys()
    for id, track in heard.tracks.copy().items():
        if track.kind in REGULAR_TRACKS:
            heard.apply(replace(track, index=0 if id == made else track.index + 1))
    assert trial.drop_from(heard).tracks == mirror.tracks


def test_a_sound_that_was_loaded_goes_with_its_take() -> None:
    mirror = _a_set()
    silent, loaded = InstrumentState(50, "", "", ()), InstrumentState(50, "909", "DrumGroupDevice", ("36 0 Kick",))
    mirror.apply(silent)
    request = Generate(1, 9, "drummaroo", "funk", 1, 7, 0.5, 0.5, 0.5, 0.0, "", "", 3, 1, 0, hear=1)
    basis = prepare(mirror, request).basis
    assert basis is not None
    before = Before.of(mirror, basis)
    mirror.apply(loaded)
    for edits, expected in (((LoadInstrument(50, 0, 1, ("909",)),), silent), ((), loaded)):
        dropped = Trial.of(edits, (50,), before, mirror).drop_from(mirror)
        assert dropped.instruments[50] == expected


def test_each_session_has_its_own_trial() -> None:
    mirror = _a_set()
    request = Generate(1, 9, "bassaroo", "funk", 1, 7, 0.5, 0.5, 0.5, 0.0, "", "", -1, 1, 0, hear=1)
    composer = prepare(mirror, request)
    assert composer.basis is not None
    edits = composer().messages[1:]
    performed = perform(mirror, edits, NEXT_ID, _no_file)
    trials = Trials()
    trials.expect(1, mirror, composer.basis)
    trials.begin(1, "device:9", edits, [id for id, _ in performed.results], performed.mirror)
    assert len(trials.without(1, "device:9", performed.mirror).clips) == len(mirror.clips)
    assert trials.without(2, "device:9", performed.mirror) is performed.mirror
    assert trials.without(1, "", performed.mirror) is performed.mirror, "it sounds by MIDI"
    trials.forget(1)
    assert trials.without(1, "device:9", performed.mirror) is performed.mirror


def test_whether_anything_plays_changes_no_note() -> None:
    mirror, playing = a_mixed_set(), a_mixed_set()
    song = playing.song
    assert isinstance(song, SongState)
    playing.apply(replace(song, is_playing=1 - song.is_playing))
    for clip in playing.clips.copy().values():
        playing.apply(replace(clip, is_playing=1))
    chance = Random(5)
    for _ in range(20):
        request = some_request(chance)
        try:
            one, other = prepare(mirror, request), prepare(playing, request)
        except RequestError:
            continue
        assert one.basis == other.basis
        assert address_anew(one(), "device:9", 0.0).messages == other().messages
