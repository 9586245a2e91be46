"""Stable Audio 3 as a `SoundModel`, on a fake of the package's interface."""

import numpy as np
import pytest

from musearoo.engines.audio.sound_model import FloatArray, Sound, SoundRequest, TuneNote
from musearoo.engines.errors import EngineError, ParamError
from tests.optional import require

torch = require("torch", "soxr")

from musearoo.engines.neural.stable_audio.model import LONGEST, STEPS, StableAudio
from tests.each_case import each_case
from tests.engines.neural.stable_audio.fake_peer import HOP, RATE, FakePeer


def imagine(peer: FakePeer, request: SoundRequest) -> FloatArray:
    return np.concatenate(list(StableAudio(peer).imagine(request, lambda _done, _words: None)), axis=1)


@each_case("seconds", [0.5, 1.0, 7.741935483870968, 119.99999, 120.0])
def test_it_is_as_long_as_asked_to_a_sample(seconds: float) -> None:
    made = imagine(FakePeer(), SoundRequest("drums", seconds, seed=1))
    assert made.shape == (2, round(seconds * RATE))
    assert made.dtype == np.float32


@each_case("prompt", ["", "ein langsames Klavier", "缓慢的钢琴", "drums " * 2000])
def test_any_text_is_read(prompt: str) -> None:
    peer = FakePeer()
    assert imagine(peer, SoundRequest(prompt, 1.0, seed=1)).any()
    assert peer.asked[0]["prompt"] == prompt


def test_the_same_seed_makes_the_same_and_leaves_the_randomness_of_others_alone() -> None:
    torch.manual_seed(9)
    expected = torch.rand(3)
    torch.manual_seed(9)
    first, again, other = (imagine(FakePeer(), SoundRequest("drums", 0.5, seed)) for seed in (4, 4, 5))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert torch.equal(torch.rand(3), expected)


def test_no_seed_is_taken_for_any() -> None:
    peer = FakePeer()
    for seed in (-1, 2**70):
        imagine(peer, SoundRequest("drums", 0.5, seed))
    assert [0 <= asked["seed"] < 2**63 for asked in peer.asked] == [True, True]


def test_it_reports_each_step_and_stops_when_cancelled() -> None:
    reports: list[float] = []
    list(StableAudio(FakePeer()).imagine(SoundRequest("drums", 1.0, 1), lambda done, _words: reports.append(done)))
    assert len(reports) == STEPS + 2
    assert reports == sorted(reports)
    assert (reports[0], reports[-1]) == (0.0, 1.0)
    reports.clear()

    def stop(done: float, _words: str) -> None:
        reports.append(done)
        if len(reports) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        list(StableAudio(FakePeer()).imagine(SoundRequest("drums", 1.0, 1), stop))
    assert len(reports) == 3


def test_it_goes_on_with_the_sample_behind_the_last() -> None:
    peer = FakePeer()
    before = np.random.default_rng(0).standard_normal((2, 100_000)).astype(np.float32)
    made = imagine(peer, SoundRequest("drums", 2.0, 1, before=Sound(before, RATE)))
    asked = peer.asked[0]
    kept = 100_000 // HOP * HOP
    assert np.array_equal(asked["inpaint_audio"][1].numpy(), before[:, -kept:])
    assert int(asked["start"] * RATE) == kept
    assert int(asked["end"] * RATE) == kept + 2 * RATE
    whole = FakePeer().generate("drums", seed=1, duration=asked["duration"], truncate_output_to_duration=False)
    assert np.array_equal(made, whole[0, :, kept : kept + 2 * RATE].numpy())


def test_what_comes_before_at_another_rate_ends_where_it_ended() -> None:
    peer = FakePeer()
    tone = np.sin(2.0 * np.pi * 441.0 * np.arange(96_000) / 96_000.0)
    imagine(peer, SoundRequest("drums", 1.0, 1, before=Sound(np.stack([tone, -tone]).astype(np.float32), 96_000)))
    used = peer.asked[0]["inpaint_audio"][1].numpy()
    expected = np.sin(2.0 * np.pi * 441.0 * (RATE - used.shape[1] + np.arange(used.shape[1])) / RATE)
    assert np.abs(used[0, :-200] - expected[:-200]).max() < 1e-3
    assert np.array_equal(used[0], -used[1])


def test_only_the_end_of_a_long_sound_before_is_used() -> None:
    peer = FakePeer()
    before = np.zeros((1, 100 * RATE), dtype=np.float32)
    imagine(peer, SoundRequest("drums", 90.0, 1, before=Sound(before, RATE)))
    asked = peer.asked[0]
    assert asked["inpaint_audio"][1].shape[1] == 30 * RATE // HOP * HOP
    assert asked["duration"] <= LONGEST


def test_a_text_that_is_too_long_is_reported() -> None:
    model = StableAudio(FakePeer())
    list(model.imagine(SoundRequest("d" * 1023, 1.0, 1), lambda _done, _words: None))
    assert model.notes == ("The text is longer than Stable Audio 3 reads: it took about the first 25 % of it.",)
    list(model.imagine(SoundRequest("drums", 1.0, 1), lambda _done, _words: None))
    assert not model.notes


@each_case(
    "invalid, message",
    [
        (
            SoundRequest("drums", 120.1, 1),
            "seconds must be above 0, and at most 120 with Stable Audio 3, but was 120.1",
        ),
        (SoundRequest("drums", 0.0, 1), "seconds must be above 0"),
        (SoundRequest("drums", 1.0, 1, melody=(TuneNote(0.0, 60, 1.0),)), "melody must be left out"),
        (
            SoundRequest("drums", 1.0, 1, before=Sound(np.zeros((2, 100), np.float32), RATE)),
            "before must be at least 0.09",
        ),
        (SoundRequest("drums", 120.0, 1, before=Sound(np.zeros((2, RATE), np.float32), RATE)), "at most 120 s long"),
    ],
)
def test_invalid_requests_are_refused_before_it_begins(invalid: SoundRequest, message: str) -> None:
    peer = FakePeer()
    with pytest.raises(ParamError, match=message):
        imagine(peer, invalid)
    assert not peer.asked


def test_values_that_are_not_finite_are_not_output() -> None:
    with pytest.raises(EngineError, match="another seed"):
        imagine(FakePeer(value=float("nan")), SoundRequest("drums", 1.0, 1))
