"""Loading Stable Audio 3: errors for missing parts, and the package itself with a tiny random model.

The package is only in its publisher's repository; without it, only tests that do not need it run.
"""

import json
import shutil
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from musearoo.engines.audio.sound_model import FloatArray, Sound, SoundRequest
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards import catalogue
from musearoo.engines.neural.cards.catalogue import explain_missing_packages, find_model
from musearoo.engines.neural.stable_audio import loading
from musearoo.engines.neural.stable_audio.loading import CONFIG, NAME, TEXT_ENCODER, WEIGHTS, load_stable_audio
from tests.engines.neural.stable_audio.random_stable_audio import CONFIG as SETTINGS
from tests.engines.neural.stable_audio.random_stable_audio import write_random_stable_audio
from tests.optional import require

torch = require("torch")

needs_package = pytest.mark.skipif(
    bool(explain_missing_packages(find_model(NAME))), reason="stable_audio_3 is not installed"
)

# Caused by the package and torchaudio themselves.
pytestmark = [
    pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:.*SwigPy.*:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random_stable_audio(tmp_path_factory.mktemp("models") / NAME)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A model to modify."""
    return shutil.copytree(folder, tmp_path / NAME)


def imagine(folder: Path, request: SoundRequest) -> FloatArray:
    return np.concatenate(list(load_stable_audio(folder, "cpu").imagine(request, lambda _done, _words: None)), axis=1)


def write_empty(folder: Path) -> Path:
    """Write files without content."""
    (folder / TEXT_ENCODER).mkdir()
    (folder / WEIGHTS).write_bytes(b"")
    (folder / CONFIG).write_text(json.dumps(SETTINGS), encoding="utf-8")
    return folder


def test_without_the_package_the_install_command_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find_spec", lambda package: None if package == "stable_audio_3" else package)
    with pytest.raises(EngineError, match=rf"^{NAME} runs on .* not installed \(stable_audio_3\): run .*pip install"):
        load_stable_audio(tmp_path)


@pytest.mark.parametrize(
    ("lacking", "message"),
    [(CONFIG, "There is no model_config.json in"), (WEIGHTS, "There is no model.safetensors in")],
)
def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str, message: str) -> None:
    monkeypatch.setattr(loading, "explain_missing_packages", lambda _card: "")
    (write_empty(tmp_path) / lacking).unlink()
    with pytest.raises(EngineError, match=message):
        load_stable_audio(tmp_path)


def test_a_missing_text_encoder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "explain_missing_packages", lambda _card: "")
    (write_empty(tmp_path) / TEXT_ENCODER).rmdir()
    with pytest.raises(EngineError, match="There is no folder t5gemma-b-b-ul2 in"):
        load_stable_audio(tmp_path)


@pytest.mark.parametrize("settings", ["", "{}", "[]", '{"model": {"conditioning": {"configs": []}}}', "no JSON"])
def test_malformed_settings_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str) -> None:
    monkeypatch.setattr(loading, "explain_missing_packages", lambda _card: "")
    (write_empty(tmp_path) / CONFIG).write_text(settings, encoding="utf-8")
    with pytest.raises(EngineError, match=f"is not a complete {NAME} .*model_config"):
        load_stable_audio(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "clap_text", "config": {"clap_ckpt_path": "evil.pt"}}, "is of another kind of model"),
        ({"type": "t5", "config": {"t5_model_name": "evil/model"}}, "is of another kind of model"),
        ({"type": "number", "config": {"Ckpt_path": "evil.pt"}}, "names another file as its Ckpt_path"),
        ({"type": "number", "config": {"repo_id": "evil/model"}}, "names another file as its repo_id"),
    ],
)
def test_settings_may_not_refer_to_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], message: str
) -> None:
    monkeypatch.setattr(loading, "explain_missing_packages", lambda _card: "")
    settings = deepcopy(SETTINGS)
    settings["model"]["conditioning"]["configs"].append(change)
    (write_empty(tmp_path) / CONFIG).write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(EngineError, match=message):
        load_stable_audio(tmp_path)


def test_the_text_encoder_lies_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "explain_missing_packages", lambda _card: "")
    settings = deepcopy(SETTINGS)
    settings["model"]["conditioning"]["configs"][0]["config"]["subfolder"] = "../.."
    (write_empty(tmp_path) / CONFIG).write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(EngineError, match="There is no folder"):
        load_stable_audio(tmp_path)


@needs_package
def test_it_makes_what_the_package_makes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = load_stable_audio(folder, "cpu")
    assert (model.rate, model.channels, model.follows_melody, model.continues) == (44_100, 2, False, True)
    (made,) = model.imagine(SoundRequest("slow piano", 1.5, seed=3), lambda _done, _words: None)
    assert made.shape == (2, 66_150)
    assert made.std() > 0.01
    direct = model._peer.generate(prompt="slow piano", duration=1.5, seed=3, disable_tqdm=True)
    assert np.array_equal(made, direct[0].numpy())
    assert capsys.readouterr().out == ""


@needs_package
def test_text_seed_and_the_sound_before_have_an_effect(folder: Path) -> None:
    chance = np.random.default_rng(0)
    one, other = (Sound(0.3 * chance.standard_normal((2, 44_100)).astype(np.float32), 44_100) for _ in range(2))
    requests = [
        SoundRequest("slow piano", 0.5, seed=3),
        SoundRequest("fast drums", 0.5, seed=3),
        SoundRequest("slow piano", 0.5, seed=4),
        SoundRequest("", 0.5, seed=3),
        SoundRequest("缓慢的钢琴", 0.5, seed=3),
        SoundRequest("slow piano", 0.5, seed=3, before=one),
        SoundRequest("slow piano", 0.5, seed=3, before=other),
    ]
    sounds = [imagine(folder, request) for request in requests]
    for number, sound in enumerate(sounds):
        assert sound.shape == (2, 22_050)
        assert np.isfinite(sound).all()
        assert not any(np.array_equal(sound, later) for later in sounds[number + 1 :])
    assert np.array_equal(imagine(folder, requests[0]), sounds[0])


@needs_package
def test_a_cancel_ends_it_at_the_next_step(folder: Path) -> None:
    reports: list[float] = []

    def stop(done: float, _words: str) -> None:
        reports.append(done)
        if len(reports) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        list(load_stable_audio(folder, "cpu").imagine(SoundRequest("slow piano", 1.0, 3), stop))
    assert len(reports) == 3


@needs_package
def test_truncated_weights_are_reported(copy: Path) -> None:
    whole = (copy / WEIGHTS).read_bytes()
    (copy / WEIGHTS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EngineError, match=r"no whole .*model\.safetensors cannot be read"):
        load_stable_audio(copy, "cpu")


@needs_package
def test_missing_or_misshapen_weights_are_reported(copy: Path) -> None:
    from safetensors.torch import load_file, save_file

    whole = load_file(copy / WEIGHTS)
    name = "model.model.transformer.layers.1.self_attn.to_out.weight"
    save_file({key: value for key, value in whole.items() if key != name}, copy / WEIGHTS)
    with pytest.raises(EngineError, match=rf"lacks {name}"):
        load_stable_audio(copy, "cpu")
    save_file({**whole, name: torch.zeros(3, 4)}, copy / WEIGHTS)
    with pytest.raises(EngineError, match=r"the shape of .* is \(3, 4\), not \(64, 64\)"):
        load_stable_audio(copy, "cpu")


@needs_package
def test_a_truncated_text_encoder_is_reported(copy: Path) -> None:
    (copy / TEXT_ENCODER / "config.json").unlink()
    with pytest.raises(EngineError, match="is not a complete stable-audio-3-small-music"):
        load_stable_audio(copy, "cpu")
