"""Our decoding loop compared with audiocraft's, with the same weights: the same codes and logits."""

from typing import Any

import pytest

from tests.optional import require

torch = require("torch", "audiocraft", "xformers")

from musearoo.engines.neural.musicgen.decoding import linear
from musearoo.engines.neural.musicgen.decoding.delays import lay_out
from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import Conditions
from tests.each_case import each_case
from tests.engines.neural.musicgen.decoding.peers import (
    CARDINALITY,
    KINDS,
    Kind,
    as_ours,
    decode_all,
    generate,
    make_conditions,
    make_ours,
    make_peer,
    make_prompt,
)

MOST_WRONG = 1e-4
"""Of a logit, in float32."""


@each_case("known", [0, 9])
@each_case("kind", KINDS.values())
def test_it_draws_the_codes_that_audiocraft_draws(kind: Kind, known: int) -> None:
    conditions = make_conditions(kind)
    peer = make_peer(kind, conditions)
    prompt = make_prompt(kind, known) if known else None
    sampling = Sampling(guidance=3.0, top_k=25, seed=11)
    ours = decode_all(make_ours(peer, kind), as_ours(kind, conditions), 80, sampling, prompt)
    assert ours.dtype == torch.int64
    assert torch.equal(ours, generate(peer, 80, sampling, prompt))


@pytest.mark.parametrize(
    "sampling",
    [
        pytest.param(Sampling(top_k=0, seed=5), id="among all"),
        pytest.param(Sampling(top_k=3, seed=5), id="among few"),
        pytest.param(Sampling(top_k=CARDINALITY, seed=5), id="among as many as there are"),
        pytest.param(Sampling(temperature=0.6, top_k=25, seed=5), id="colder"),
        pytest.param(Sampling(temperature=0.0, seed=5), id="the likeliest"),
        pytest.param(Sampling(guidance=1.0, top_k=25, seed=5), id="without guidance"),
        pytest.param(Sampling(guidance=0.0, top_k=25, seed=5), id="without the conditions"),
        pytest.param(Sampling(guidance=6.5, top_k=25, seed=2**63 - 1), id="the last seed"),
    ],
)
def test_whatever_the_settings(sampling: Sampling) -> None:
    kind = KINDS["text"]
    conditions = make_conditions(kind)
    peer = make_peer(kind, conditions)
    ours = decode_all(make_ours(peer, kind), as_ours(kind, conditions), 50, sampling)
    assert torch.equal(ours, generate(peer, 50, sampling))


def test_plain_products_draw_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS["with biases"]
    conditions = make_conditions(kind)
    peer, sampling = make_peer(kind, conditions), Sampling(top_k=25, seed=11)
    monkeypatch.setattr(linear, "can_pack", lambda _kind: False)
    assert torch.equal(
        decode_all(make_ours(peer, kind), as_ours(kind, conditions), 50, sampling), generate(peer, 50, sampling)
    )


@each_case("kind", KINDS.values())
def test_the_logits_of_all_steps_are_those_of_the_whole_sequence(kind: Kind) -> None:
    conditions, frames = make_conditions(kind), 130
    peer = make_peer(kind, conditions)
    prompt, sampling = make_prompt(kind, 6), Sampling(guidance=3.0, top_k=25, seed=4)
    codes, logits = follow(make_ours(peer, kind), as_ours(kind, conditions), frames, sampling, prompt)
    sequence = lay_out(codes, frames, kind.delays, CARDINALITY)[None]
    with torch.inference_mode():
        given, none = peer(torch.cat([sequence, sequence]), [], {"description": (conditions, None)})
    expected = (none + (given - none) * sampling.guidance)[:, prompt.shape[1] : -1]
    assert expected.std() > 0.3, "logits that say nothing would agree whatever they are"
    torch.testing.assert_close(logits, expected.transpose(0, 1), atol=MOST_WRONG, rtol=0)


def follow(
    model: LanguageModel, conditions: Conditions, frames: int, sampling: Sampling, prompt: Any
) -> tuple[Any, Any]:
    """Return all codes of a window, and the logits (steps, codebooks, cardinality) of its steps."""
    decoder = model.take_decoder(sampling, frames, conditions.lead, conditions.beside)
    decoder.seed(sampling.seed)
    decoder.begin(conditions, prompt, frames)
    logits = []
    while decoder.steps_left:
        decoder.step()
        logits.append(decoder.logits.clone())
    return decoder.read(0, frames), torch.stack(logits)


@each_case("known", [0, 8, 19])
@each_case("frames", [13, 40, 47])
def test_several_windows_match_audiocraft(frames: int, known: int) -> None:
    kind = KINDS["stereo"]
    conditions = make_conditions(kind)
    peer = make_peer(kind, conditions)
    prompt = make_prompt(kind, known) if known else None
    expected = extend_with_audiocraft(peer, frames, prompt, window=20, stride=12)
    ours = make_ours(peer, kind, window=20, stride=12)
    sampling = Sampling(guidance=3.0, top_k=25, seed=11)
    assert torch.equal(decode_all(ours, as_ours(kind, conditions), frames, sampling, prompt), expected)


def extend_with_audiocraft(peer: Any, frames: int, prompt: Any, window: int, stride: int) -> Any:
    """Return what audiocraft's `MusicGen` generates with windows of that many frames: (codebooks, frames)."""
    from audiocraft.models import MusicGen
    from audiocraft.modules.conditioners import ConditioningAttributes, WavCondition

    known = 0 if prompt is None else prompt.shape[1]
    codec = torch.nn.Identity()
    codec.frame_rate, codec.sample_rate = 25, 32_000
    request = ConditioningAttributes()
    request.wav["self_wav"] = WavCondition(torch.zeros(1, 1, 1), torch.tensor([0]), [codec.sample_rate], [None])
    model = MusicGen("tiny", codec, peer, max_duration=30)
    model.set_generation_params(top_k=25, cfg_coef=3.0)
    # Half a frame more, since audiocraft rounds seconds down to frames.
    model.duration, model.max_duration, model.extend_stride = (
        (count + 0.5) / codec.frame_rate for count in (known + frames, window, stride)
    )
    with torch.random.fork_rng():
        torch.manual_seed(11)
        codes = model._generate_tokens([request], None if prompt is None else prompt[None])
    return codes[0, :, known:]


def test_each_window_has_conditions_of_its_own() -> None:
    kind = KINDS["melody"]
    window_conditions = [make_conditions(kind, seed=seed) for seed in (1, 2, 3)]
    peer = make_peer(kind, *window_conditions)
    expected = extend_with_audiocraft(peer, 42, None, window=20, stride=12)
    model, asked = make_ours(peer, kind, window=20, stride=12), []

    def ask(first: int) -> Conditions:
        asked.append(first)
        return as_ours(kind, window_conditions[len(asked) - 1])

    given = torch.cat(list(decode(model, ask, 42, Sampling(guidance=3.0, top_k=25, seed=11))), dim=1)
    assert asked == [0, 12, 24]
    assert torch.equal(given, expected)
