"""Converting between sequences and frames."""

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.musicgen.decoding.delays import UNKNOWN, count_finished, lay_out, take_frames
from tests.each_case import each_case

DELAYS = [(0,), (0, 1, 2, 3), (0, 0, 1, 1, 2, 2, 3, 3), (0, 5)]


@each_case("delays", DELAYS)
def test_frames_come_out_as_they_went_in(delays: tuple[int, ...]) -> None:
    codes = torch.arange(len(delays) * 9).view(len(delays), 9)
    sequence = lay_out(codes, 9, delays, 99)
    assert torch.equal(take_frames(sequence, 0, 9, delays), codes)
    assert torch.equal(take_frames(sequence, 3, 5, delays), codes[:, 3:5])


@each_case("delays", DELAYS)
def test_frames_are_finished_when_all_their_codes_are_known(delays: tuple[int, ...]) -> None:
    sequence = lay_out(torch.zeros((len(delays), 0), dtype=torch.int64), 9, delays, 99)
    for step in range(sequence.shape[1]):
        # Exactly what is known by that step.
        known = torch.where(torch.arange(sequence.shape[1]) <= step, 7, sequence)
        frames = take_frames(known, 0, 9, delays)
        assert count_finished(step, delays) == int((frames != UNKNOWN).all(0).sum())


@each_case("delays", DELAYS)
@each_case("known", [0, 4])
def test_sequences_are_those_of_audiocraft(delays: tuple[int, ...], known: int) -> None:
    require("audiocraft", "xformers")
    from audiocraft.modules.codebooks_patterns import DelayedPatternProvider

    codes = torch.full((len(delays), 9), UNKNOWN)
    codes[:, :known] = torch.arange(len(delays) * known).view(len(delays), known)
    pattern = DelayedPatternProvider(len(delays), list(delays)).get_pattern(9)
    expected = pattern.build_pattern_sequence(codes[None], 99)[0][0]
    assert torch.equal(lay_out(codes[:, :known], 9, delays, 99), expected)
