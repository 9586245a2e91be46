"""Requests and their sounds, in full precision on the CPU."""

import gc
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tests.optional import require

torch = require("torch", "transformers")

from musearoo.engines.audio.sound_model import FloatArray, Sound, SoundModel, SoundRequest, TuneNote
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.devices import count_readers
from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.loading import estimate_bytes, estimate_model_bytes, load_musicgen
from musearoo.engines.neural.musicgen.model import MusicGen, make_melody_conditions
from musearoo.tools.bench.musicgen.random_models import RandomMusicGen
from tests.engines.neural.musicgen.audiocraft_peer import Everything
from tests.engines.neural.musicgen.test_checkpoint import change_package
from tests.engines.neural.musicgen.test_tunes import SCALE, sing, write

Write = Callable[..., RandomMusicGen]
Load = Callable[..., MusicGen]

PROMPT = "warm dub bass"
RATE = 32_000


class UnwantedError(Exception):
    """Raised by a report to cancel the work."""


@pytest.fixture(scope="module")
def load(tiny: Write) -> Load:
    """Return the model of a kind and format, loaded once."""
    loaded: dict[tuple[str, str, str], MusicGen] = {}

    def give(kind: str = "text", form: str = "audiocraft", precision: str = "full") -> MusicGen:
        key = kind, form, precision
        if key not in loaded:
            model = tiny(kind, form)
            loaded[key] = load_musicgen(
                model.folder, model.text_folder, model.codec_folder, "cpu", precision, take_separator=Everything
            )
        return loaded[key]

    return give


def ignore(_fraction: float, _text: str) -> None:
    """Ignore progress."""


def make(model: SoundModel, request: SoundRequest) -> FloatArray:
    return np.concatenate(list(model.imagine(request, ignore)), axis=1)


def noise(channels: int, seconds: float, rate: int) -> Sound:
    samples = np.random.default_rng(2).standard_normal((channels, round(seconds * rate)))
    return Sound((0.1 * samples).astype(np.float32), rate)


def test_a_model_reports_its_properties(load: Load, kind: str) -> None:
    model = load(kind)
    assert (model.rate, model.channels) == (RATE, 2 if kind.startswith("stereo") else 1)
    assert (model.follows_melody, model.continues) == (kind.endswith("melody"), True)
    assert (model.device, model.precision) == ("cpu", "full")


@pytest.mark.parametrize("seconds", [0.02, 0.51, 1.23456])
def test_a_sound_has_the_requested_length(load: Load, seconds: float) -> None:
    sound = make(load(), SoundRequest(PROMPT, seconds, 1))
    assert sound.shape == (1, round(seconds * RATE))
    assert sound.dtype == np.float32
    assert np.all(np.isfinite(sound))
    assert sound.std() > 0.02


def test_the_first_block_is_half_a_second_and_later_ones_are_longer(load: Load) -> None:
    model = load()
    lengths = [block.shape[1] / RATE for block in model.imagine(SoundRequest(PROMPT, 4.5, 1), ignore)]
    assert lengths[:2] == [0.5, 1.0]
    assert max(lengths) <= 2.0
    assert sum(lengths) == 4.5


def test_nothing_is_done_before_the_first_block(load: Load) -> None:
    reports: list[float] = []
    sound = load().imagine(SoundRequest(PROMPT, 1.0, 1), lambda done, _text: reports.append(done))
    assert reports == []
    next(sound)
    assert reports
    sound.close()


def test_progress_rises_to_the_end(load: Load) -> None:
    reports: list[tuple[float, str]] = []
    model = load("melody")
    request = SoundRequest(PROMPT, 1.0, 1, melody=Sound(sing(SCALE, 0.5)[None], RATE))
    deque(model.imagine(request, lambda done, text: reports.append((done, text))), maxlen=0)
    fractions = [done for done, _text in reports]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert {"reading the prompt", "listening to the melody", "1.0 of 1.0 s"} <= {text for _done, text in reports}
    # One step per frame, plus those for the last codebook's delay.
    assert len([text for _done, text in reports if text.endswith(" of 1.0 s")]) >= 50


def test_the_same_request_gives_the_same_sound(load: Load, kind: str) -> None:
    request = SoundRequest(PROMPT, 0.3, 5)
    sound = make(load(kind), request)
    assert np.array_equal(make(load(kind), request), sound)
    assert not np.array_equal(make(load(kind), SoundRequest(PROMPT, 0.3, 6)), sound)


def test_other_words_give_another_sound(load: Load, kind: str) -> None:
    # With a prepended melody, a few words change the draws of a random model only occasionally.
    sounds = [make(load(kind), SoundRequest(prompt, 1.0, 5)) for prompt in (PROMPT, "bright funk guitar")]
    assert not np.array_equal(sounds[0], sounds[1])


def test_both_forms_make_the_same_sound(load: Load, kind: str) -> None:
    request = SoundRequest(PROMPT, 0.2, 5)
    assert np.array_equal(make(load(kind, "audiocraft"), request), make(load(kind, "transformers"), request))


def test_sampling_settings_have_an_effect(load: Load) -> None:
    plain = make(load(), SoundRequest(PROMPT, 0.5, 5))
    for other in (
        SoundRequest(PROMPT, 0.5, 5, guidance=1.0),
        SoundRequest(PROMPT, 0.5, 5, temperature=0.3),
        SoundRequest(PROMPT, 0.5, 5, top_k=2),
    ):
        assert not np.array_equal(make(load(), other), plain)
    likeliest = make(load(), SoundRequest(PROMPT, 0.5, 5, temperature=0.0))
    assert np.array_equal(make(load(), SoundRequest(PROMPT, 0.5, 6, top_k=1)), likeliest)


def test_melodies_lead_to_different_sounds(load: Load) -> None:
    rising, falling = sing(SCALE, 0.5), sing(SCALE[::-1], 0.5)
    model = load("melody")
    sounds = [
        make(model, SoundRequest(PROMPT, 1.0, 5, melody=melody))
        for melody in (None, Sound(rising[None], RATE), Sound(falling[None], RATE), write(SCALE, 0.5))
    ]
    for place, sound in enumerate(sounds):
        assert not any(np.array_equal(sound, other) for other in sounds[place + 1 :])


def test_a_melody_is_extracted_once_for_all_takes(load: Load) -> None:
    model = load("melody")
    melody = noise(2, 1.0, 44_100)
    texts: list[str] = []
    sounds = []
    for seed in (1, 2, 1):
        blocks = list(
            model.imagine(SoundRequest(PROMPT, 0.5, seed, melody=melody), lambda _done, text: texts.append(text))
        )
        sounds.append(np.concatenate(blocks, axis=1))
    assert texts.count("listening to the melody") == 1
    assert np.array_equal(sounds[0], sounds[2])


def test_a_longer_tune_than_the_window_goes_on(load: Load) -> None:
    request = SoundRequest(
        PROMPT, 0.3, 5, melody=tuple(TuneNote(0.5 * place, 60 + place % 12, 0.5) for place in range(100))
    )
    assert make(load("melody"), request).shape == (1, round(0.3 * RATE))


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [44_100, 32_000])
def test_the_sound_before_has_an_effect(load: Load, channels: int, rate: int) -> None:
    plain = make(load(), SoundRequest(PROMPT, 0.5, 5))
    sound = make(load(), SoundRequest(PROMPT, 0.5, 5, before=noise(channels, 0.3, rate)))
    assert sound.shape == plain.shape
    assert not np.array_equal(sound, plain)


def test_of_what_was_before_the_last_twelve_seconds_count(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts: list[int] = []

    def count(*given: Any) -> Iterator[Any]:
        prompts.append(given[4].shape[1])
        return decode(*given)

    monkeypatch.setattr("musearoo.engines.neural.musicgen.model.decode", count)
    whole = noise(1, 14.0, RATE)
    end = Sound(whole.samples[:, -12 * RATE :], RATE)
    sounds = [make(load(), SoundRequest(PROMPT, 0.1, 5, before=before)) for before in (whole, end)]
    assert np.array_equal(sounds[0], sounds[1])
    assert prompts == [600, 600]


def test_what_is_shorter_than_a_frame_is_no_beginning(load: Load) -> None:
    request = SoundRequest(PROMPT, 0.5, 5, before=Sound(np.ones((1, 639), np.float32), RATE))
    assert np.array_equal(make(load(), request), make(load(), SoundRequest(PROMPT, 0.5, 5)))


def test_a_tune_begins_where_what_was_before_ends(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[list[int]] = []

    def listen(words: Any, frames: FloatArray, *rest: Any) -> Any:
        reports.append([int(place) for place in frames.argmax(axis=1)])
        return make_melody_conditions(words, frames, *rest)

    monkeypatch.setattr("musearoo.engines.neural.musicgen.model.make_melody_conditions", listen)
    before = Sound(sing((70,), 4.0)[None], RATE)
    for melody in (Sound(sing((64, 67), 2.0)[None], RATE), write((64, 67), 2.0)):
        make(load("melody"), SoundRequest(PROMPT, 0.2, 5, before=before, melody=melody))
    used, written = reports
    # About eight frames a second; those at a change overlap both notes.
    assert (set(used[:28]), set(used[36:44]), set(used[51:60])) == ({10}, {4}, {7})
    assert (set(written[:44]), set(written[51:60])) == ({4}, {7})


def test_prompts_of_all_kinds(load: Load) -> None:
    model = load()
    for prompt, notes in (
        ("", 0),
        ("warm " * 2000, 1),
        ("a dub bass with 鼓", 1),
    ):
        assert make(model, SoundRequest(prompt, 0.1, 1)).shape == (1, 3200)
        assert len(model.notes) == notes
    with pytest.raises(ParamError, match="prompt must be words that MusicGen knows"):
        make(model, SoundRequest("温暖的低音", 0.1, 1))
    assert model.notes == ()


@pytest.mark.parametrize(
    ("invalid", "message"),
    [
        (SoundRequest(PROMPT, 0.0, 1), "seconds must be 0.02 to 600"),
        (SoundRequest(PROMPT, float("nan"), 1), "seconds must be"),
        (SoundRequest(PROMPT, 1.0, -1), "seed must be 0 to"),
        (SoundRequest(PROMPT, 1.0, 1, guidance=float("nan")), "guidance must be"),
        (SoundRequest(PROMPT, 1.0, 1, temperature=-1.0), "temperature must be"),
        (SoundRequest(PROMPT, 1.0, 1, top_k=-1), "top_k must be"),
        (SoundRequest(PROMPT, 1.0, 1, melody=()), "melody must be at least one note"),
        (SoundRequest(PROMPT, 1.0, 1, melody=Sound(np.zeros((1, 9), np.float32), RATE)), "a sound with a tune"),
        (SoundRequest(PROMPT, 1.0, 1, before=Sound(np.full((1, 999), np.inf, np.float32), RATE)), "finite numbers"),
    ],
)
def test_invalid_requests_are_refused(load: Load, invalid: SoundRequest, message: str) -> None:
    with pytest.raises(ParamError, match=message):
        next(load("melody").imagine(invalid, ignore))


def test_a_model_of_words_alone_takes_no_tune(load: Load) -> None:
    with pytest.raises(ParamError, match=r"melody must be left out.*: take one of the melody models"):
        next(load().imagine(SoundRequest(PROMPT, 1.0, 1, melody=write(SCALE, 0.5)), ignore))


def count_tensors() -> int:
    gc.collect()
    return sum(value.numel() for value in gc.get_objects() if type(value) is torch.Tensor)


@pytest.mark.parametrize("steps", [1, 20])
def test_a_cancelled_request_leaves_nothing(load: Load, steps: int) -> None:
    model = load("melody")
    melody = Sound(sing(SCALE, 0.5)[None], RATE)
    make(model, SoundRequest(PROMPT, 0.3, 1))
    before = count_tensors()

    reports: list[str] = []

    def stop(_done: float, text: str) -> None:
        reports.append(text)
        if len(reports) > steps:
            raise UnwantedError

    request = SoundRequest(PROMPT, 5.0, 1, melody=melody, before=noise(1, 1.0, RATE))
    with pytest.raises(UnwantedError):
        deque(model.imagine(request, stop), maxlen=0)
    assert len(reports) == steps + 1
    assert count_tensors() <= before


def test_a_discarded_sound_leaves_nothing(load: Load) -> None:
    model = load()
    make(model, SoundRequest(PROMPT, 0.3, 1))
    before = count_tensors()
    sound = model.imagine(SoundRequest(PROMPT, 5.0, 1), ignore)
    next(sound)
    assert count_tensors() > before
    sound.close()
    assert count_tensors() <= before


def test_a_discarded_model_is_freed_at_once(tiny: Write) -> None:
    model = open_it(tiny())
    make(model, SoundRequest(PROMPT, 0.1, 1))
    gone = weakref.ref(model)
    gc.collect()
    gc.disable()
    try:
        del model
        assert gone() is None
    finally:
        gc.enable()


def test_torch_is_given_no_more_threads_than_it_had(tiny: Write) -> None:
    before = torch.get_num_threads()
    open_it(tiny())
    assert torch.get_num_threads() == min(before, count_readers())


def test_half_precision_makes_sound_too(load: Load) -> None:
    model = load("text", "audiocraft", "half")
    assert np.all(np.isfinite(make(model, SoundRequest(PROMPT, 0.5, 1))))


def test_a_codec_from_its_own_folder_sounds_the_same(tiny: Write, load: Load) -> None:
    model = tiny("text", "audiocraft", "named")
    other = load_musicgen(model.folder, model.text_folder, model.codec_folder, "cpu", "full")
    request = SoundRequest(PROMPT, 0.5, 5)
    assert np.array_equal(make(other, request), make(load(), request))


def open_it(model: RandomMusicGen) -> MusicGen:
    return load_musicgen(model.folder, model.text_folder, model.codec_folder, "cpu")


def test_weights_that_lack_something(own: Write) -> None:
    model = own()
    change_package(model.folder / "state_dict.bin", lambda package: package["best_state"].pop("linears.2.weight"))
    with pytest.raises(EngineError, match=r"state_dict\.bin.*linears.*run `musearoo models fetch musicgen-small`"):
        open_it(model)


def test_weights_of_another_size_than_the_settings(own: Write) -> None:
    model = own()
    change_package(
        model.folder / "state_dict.bin",
        lambda package: package.update({"xp.cfg": package["xp.cfg"].replace("num_layers: 2", "num_layers: 3")}),
    )
    with pytest.raises(EngineError, match=r"not of the size that its settings say\): remove it, then run"):
        open_it(model)


def test_a_codec_that_lacks_something(own: Write) -> None:
    model = own()
    change_package(
        model.folder / "compression_state_dict.bin",
        lambda package: package["best_state"].pop("decoder.model.0.conv.conv.bias"),
    )
    with pytest.raises(EngineError, match=r"compression_state_dict\.bin.*run `musearoo models fetch musicgen-small`"):
        open_it(model)


def test_values_that_are_not_finite_are_reported(own: Write) -> None:
    model = own()
    path = model.folder / "compression_state_dict.bin"
    name = "decoder.model.15.conv.conv.bias"
    change_package(path, lambda package: package["best_state"].update({name: torch.tensor([float("nan")])}))
    with pytest.raises(EngineError, match=r"compression_state_dict\.bin|values that are not finite"):
        make(open_it(model), SoundRequest(PROMPT, 0.5, 1))


def test_unknown_precisions_are_refused(tiny: Write) -> None:
    model = tiny()
    with pytest.raises(ParamError, match="precision must be full or half"):
        load_musicgen(model.folder, model.text_folder, precision="double")
    with pytest.raises(ParamError, match="device must be one of"):
        load_musicgen(model.folder, model.text_folder, device="abacus")


def test_memory_is_estimated_before_anything_is_loaded(tiny: Write, kind: str) -> None:
    sizes = []
    for form in ("audiocraft", "transformers"):
        model = tiny(kind, form)
        sizes.append(estimate_model_bytes(model.folder, model.text_folder, model.codec_folder, "cpu", "full"))
    assert sizes[0] == sizes[1]
    assert 2_000_000 < sizes[0] < 50_000_000
    assert estimate_bytes(60.0) > estimate_bytes(10.0) > 100_000_000
