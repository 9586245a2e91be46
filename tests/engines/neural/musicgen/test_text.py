"""Tokenising prompts: long, foreign and empty ones."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.optional import require

torch = require("torch", "transformers")

from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.musicgen.checkpoint import open_checkpoint
from musearoo.engines.neural.musicgen.text import LONGEST, PromptTokenizer, TextEncoder, _take_size
from musearoo.tools.bench.musicgen.random_models import WORDS, RandomMusicGen

Write = Callable[..., RandomMusicGen]


def open_text(model: RandomMusicGen) -> TextEncoder:
    found = open_checkpoint(model.folder, model.text_folder, model.codec_folder, model.folder.name)
    return TextEncoder(found.text, found.words)


@pytest.fixture(scope="module")
def encoder(tiny: Write) -> TextEncoder:
    return open_text(tiny())


def test_words_are_read_with_an_end(encoder: TextEncoder) -> None:
    reading = encoder.words.read("  warm dub bass ")
    assert (reading.text, len(reading.pieces), reading.notes) == ("warm dub bass", 4, ())
    assert encoder.encode(reading).shape == (4, encoder.dim)


@pytest.mark.parametrize("prompt", ["", "   ", "\n"])
def test_no_words_are_one_row_of_zeros(encoder: TextEncoder, prompt: str) -> None:
    reading = encoder.words.read(prompt)
    assert reading.pieces == ()
    assert torch.equal(encoder.encode(reading), torch.zeros(1, encoder.dim))


@pytest.mark.parametrize("prompt", ["warm dub bass " * 720, "x" * 10_000, "warm " * 200 + "y" * 9_000])
def test_long_prompts_are_cut_and_reported(encoder: TextEncoder, prompt: str) -> None:
    reading = encoder.words.read(prompt)
    assert 200 < len(reading.pieces) <= LONGEST
    assert prompt.startswith(reading.text)
    assert reading.notes[0].startswith("The prompt is long: MusicGen reads the first ")
    assert torch.isfinite(encoder.encode(reading)).all()


def test_a_cut_is_between_words(encoder: TextEncoder) -> None:
    assert encoder.words.read("warm dub bass " * 720).text.split()[-1] in ("warm", "dub", "bass")


def test_unknown_words_are_reported(encoder: TextEncoder) -> None:
    reading = encoder.words.read("a beat with 鼓 and 琴 and 鼓")
    assert reading.notes == ("MusicGen reads English; it does not know “鼓”, “琴”.",)


def test_many_unknown_words_are_summarised(encoder: TextEncoder) -> None:
    reading = encoder.words.read("beat 一 二 三 四 五 六 七")
    assert reading.notes[0].endswith("“五” and more.")


@pytest.mark.parametrize("prompt", ["温暖的低音", "барабаны и бас", "🥁🥁", "、。", "鼓" * 10_000])
def test_a_prompt_of_which_nothing_can_be_read(encoder: TextEncoder, prompt: str) -> None:
    with pytest.raises(ParamError, match=r"prompt must be words that MusicGen knows") as caught:
        encoder.words.read(prompt)
    assert len(str(caught.value)) < 200


def test_both_forms_read_alike(tiny: Write, encoder: TextEncoder) -> None:
    other = open_text(tiny("text", "transformers"))
    reading = encoder.words.read("warm dub bass")
    assert other.words.read("warm dub bass") == reading
    assert torch.equal(other.encode(reading), encoder.encode(reading))


def test_a_tokenizer_that_is_missing_or_broken(own: Write) -> None:
    model = own()
    assert model.text_folder
    path = model.text_folder / "tokenizer.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(EngineError, match=r"tokenizer\.json is not what .* \(it is broken\)"):
        open_text(model)
    path.unlink()
    with pytest.raises(EngineError, match=r"t5-base in .* lacks tokenizer\.json: run `musearoo models fetch t5-base`"):
        open_text(model)


def test_a_tokenizer_of_gigabytes_is_refused(own: Write) -> None:
    model = own()
    assert model.text_folder
    with (model.text_folder / "tokenizer.json").open("r+b") as file:
        file.truncate(3 << 30)
    with pytest.raises(EngineError, match=r"\(its tokenizer\.json is too large\)"):
        open_text(model)


@pytest.mark.parametrize("value", [10**9, 0, -1, "12", True, None])
def test_an_encoder_of_no_size_is_refused(own: Write, value: object) -> None:
    model = own()
    found = open_checkpoint(model.folder, model.text_folder, None, "musicgen-small")
    spoilt = dataclasses.replace(found.text, config={**found.text.config, "num_layers": value})
    with pytest.raises(EngineError, match=r"its num_layers is .*, where 1 to 128 is possible"):
        TextEncoder(spoilt, found.words)


def test_nothing_but_sizes_is_taken_from_a_configuration(own: Write) -> None:
    model = own()
    found = open_checkpoint(model.folder, model.text_folder, None, "musicgen-small")
    code = {"attn_implementation": "somebody/kernels", "auto_map": {"AutoModel": "somebody--code.Model"}}
    spoilt = dataclasses.replace(found.text, config={**found.text.config, **code})
    size = _take_size(spoilt.config)
    assert not set(code) & set(size)
    reading = TextEncoder(spoilt, found.words)
    assert torch.equal(
        reading.encode(reading.words.read("drums")), open_text(model).encode(reading.words.read("drums"))
    )


def test_an_encoder_of_another_size(own: Write) -> None:
    model = own()
    found = open_checkpoint(model.folder, model.text_folder, None, "musicgen-small")
    state = {name: values for name, values in found.text.state.items() if "block.1" not in name}
    spoilt = dataclasses.replace(found.text, state=state)
    with pytest.raises(EngineError, match=r"it lacks encoder\.block\.1"):
        TextEncoder(spoilt, found.words)
    narrow = dataclasses.replace(found.words, weight=found.words.weight[:, :8])
    with pytest.raises(EngineError, match="it gives 48 values a piece, and the model takes 8"):
        TextEncoder(found.text, narrow)


def test_a_tokenizer_of_sentencepiece_alone_will_do(tmp_path: Path) -> None:
    sentencepiece = require("sentencepiece", "google.protobuf")
    text = tmp_path / "words.txt"
    text.write_text("\n".join([*WORDS.splitlines() * 50, *WORDS.split() * 20]), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(tmp_path / "spiece"),
        vocab_size=150,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    reading = PromptTokenizer(tmp_path, "t5-base").read("warm dub bass 鼓")
    own = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "spiece.model"))
    assert reading.pieces == (*own.encode("warm dub bass 鼓"), 1)
    assert reading.notes == ("MusicGen reads English; it does not know “鼓”.",)
