"""The user's own plug-ins: loaded, asked block by block, and left out once they fail."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.ambient.plugs.host import MISSING
from musearoo.bridge.ambient.plugs.rack import PlugRack
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.engines.ambient.phrase import AmbientLayer
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.ambience import Ambience
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from musearoo.engines.errors import EngineError
from tests.each_case import each_case
from tests.engines.ambient.some_music import style

STAND_IN = Path(__file__).parent / "stand_in"

Open = Callable[..., PlugRack]


@pytest.fixture
def open_rack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a rack with plug-ins of the stand-in, by the words in their files."""
    monkeypatch.setenv("PYTHONPATH", str(STAND_IN))

    def opened(*effects: str, tell: Callable[[str], None] = print, **instruments: str) -> PlugRack:
        paths = {word: tmp_path / f"{word}.vst3" for word in (*effects, *instruments.values())}
        for word, path in paths.items():
            path.write_text(word, encoding="utf-8")
        layers: list[tuple[AmbientLayer, str]] = [("pad", str(paths[word])) for word in instruments.values()]
        return PlugRack([str(paths[word]) for word in effects], layers, RATE, BLOCK, tell)

    return opened


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((2, BLOCK)).astype(np.float32)


def test_effects_change_each_block_and_may_be_late(open_rack: Open) -> None:
    rack = open_rack("gain", "gain")
    assert np.allclose(rack.process(noise(1)), noise(1) / 4)
    rack.close()
    rack = open_rack("late")
    one, other = rack.process(noise(1)), rack.process(noise(2))
    assert np.allclose(one[:, :500], 0.0), "silence for what comes later"
    assert np.allclose(one[:, 500:], noise(1)[:, 500:])
    assert np.allclose(other, noise(2) / 2)
    rack.close()


def test_an_instrument_plays_the_notes_of_its_layer(open_rack: Open) -> None:
    rack = open_rack(pad="tone")
    presets = read_ambient_presets()
    with_it = Ambience(3, Steering(preset="drift"), presets, style(), plugs=rack)
    without = Ambience(3, Steering(preset="drift"), presets, style())
    theirs, ours = (np.concatenate([each.render() for _ in range(100)], axis=1) for each in (with_it, without))
    assert rack.is_working
    assert not np.allclose(theirs, ours)
    assert np.max(np.abs(theirs)) > 0.01
    played = rack.play("pad", [(7, bytes((0x90, 60, 127))), (9, bytes((0x80, 60, 0)))])
    assert np.flatnonzero(played[0]).tolist() == [7]
    rack.close()


@each_case("word, sentence", [("hang", "have failed"), ("crash", "have failed")])
def test_what_fails_is_left_out_and_the_music_goes_on(open_rack: Open, word: str, sentence: str) -> None:
    told: list[str] = []
    rack = open_rack(word, tell=told.append)
    blocks = [rack.process(noise(number)) for number in range(6)]
    assert np.allclose(blocks[0], noise(0) / 2)
    assert np.allclose(blocks[5], noise(5)), "as it is"
    assert len(told) == 1
    assert sentence in told[0]
    assert not rack.is_working
    rack.close()


def test_what_cannot_be_loaded_is_named(open_rack: Open, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"broken\.vst3 cannot be loaded: it is for another machine"):
        open_rack("broken")
    with pytest.raises(EngineError, match=r"tone\.vst3 is an instrument: name it as such"):
        open_rack("tone")
    with pytest.raises(EngineError, match=r"gain\.vst3 is an effect"):
        open_rack(pad="gain")
    with pytest.raises(EngineError, match="There is no plug-in at"):
        PlugRack([str(tmp_path / "none.vst3")], [], RATE, BLOCK, print)


def test_an_effect_of_pedalboards_own_goes_by_its_name(open_rack: Open) -> None:
    rack = open_rack()
    rack.close()
    rack = PlugRack(["Chorus"], [], RATE, BLOCK, print)
    assert np.allclose(rack.process(noise(1)), noise(1) / 2)
    rack.close()


@pytest.mark.skipif(find_spec("pedalboard") is not None, reason="pedalboard is installed")
def test_without_pedalboard_it_says_what_to_install() -> None:
    with pytest.raises(EngineError, match="pip install 'musearoo"):
        PlugRack(["Chorus"], [], RATE, BLOCK, print)
    assert "GPL-3" in MISSING


@pytest.mark.skipif(find_spec("pedalboard") is None, reason="pedalboard is not installed: it is the user's own choice")
def test_the_real_one_plays() -> None:
    rack = PlugRack(["Chorus", "Reverb"], [], RATE, BLOCK, print)
    made = np.concatenate([rack.process(noise(number)) for number in range(20)], axis=1)
    assert np.isfinite(made).all()
    assert 0.1 < np.sqrt(np.mean(made**2)) < 2.0
    rack.close()
