"""What takes a file apart, and how it is said when that is not what was hoped for."""

from pathlib import Path

import pytest

from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems import plan as split_plan
from musearoo.bridge.stems.plan import Choice, SplitRequest, choose_separator
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.stems import FOUR_STEMS, SIX_STEMS
from musearoo.engines.neural.cards.catalogue import find_model

PLAIN = {"path": "a.wav", "folder": Path("out"), "title": "a"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """A store that has the files of htdemucs and htdemucs_6s, with all packages there."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(split_plan, "explain_missing_packages", lambda _card: "")
    for name in ("htdemucs", "htdemucs_6s"):
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.yaml").write_text("models: ['weights']\n")
        (folder / "weights.safetensors").write_bytes(name.encode())
    return ModelStore(tmp_path / "models")


def choose(store: ModelStore, **asked: object) -> Choice:
    return choose_separator(SplitRequest(**{**PLAIN, **asked}), store)  # type: ignore[arg-type]


def test_demucs_is_chosen_where_it_is_there(store: ModelStore) -> None:
    choice = choose(store)
    assert (choice.backend, choice.model, choice.stems, choice.label) == ("demucs", "htdemucs", FOUR_STEMS, "")
    assert (choice.note, choice.licence) == ("", find_model("htdemucs").licence)
    assert choice.weights == store.folder / "htdemucs"
    six = choose(store, stems=6)
    assert (six.model, six.stems) == ("htdemucs_6s", SIX_STEMS)
    assert choose(store, model="htdemucs_6s") == six


def test_other_weights_are_another_version(store: ModelStore) -> None:
    before = choose(store)
    assert choose(store) == before
    (store.folder / "htdemucs" / "weights.safetensors").write_bytes(b"trained for longer")
    assert choose(store).version != before.version


def test_without_a_model_the_fallback_is_chosen_and_says_so(tmp_path: Path, store: ModelStore) -> None:
    choice = choose(ModelStore(tmp_path / "none"))
    assert (choice.backend, choice.model, choice.stems, choice.label) == ("dsp", "", FOUR_STEMS, "DSP")
    assert choice.note == (
        "This was split by the DSP fallback, which is plainer than Demucs. "
        "The model htdemucs is not on this machine: run `musearoo models fetch htdemucs`."
    )
    assert choose(store, backend="dsp").note == ""


def test_without_the_packages_the_note_says_how_to_get_them(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split_plan, "explain_missing_packages", lambda _card: "torch is not installed: run `this`.")
    assert choose(store).note.endswith("torch is not installed: run `this`.")
    with pytest.raises(EngineError, match="torch is not installed: run `this`"):
        choose(store, backend="demucs")


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        ({"backend": "demucs"}, "htdemucs"),
        ({"stems": 6}, "htdemucs_6s"),
        ({"model": "htdemucs_ft"}, "htdemucs_ft"),
    ],
)
def test_what_only_a_model_can_do_fails_without_it(asked: dict[str, object], missing: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=rf"(?s)models fetch {missing}`|{missing} runs on"):
        choose(ModelStore(tmp_path / "none"), **asked)


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"backend": "spleeter"}, "backend must be demucs, dsp or empty"),
        ({"stems": 5}, "stems must be 4 or 6"),
        ({"stems": 6, "backend": "dsp"}, r"stems must be 4 for the backend dsp \(guitar and piano need demucs\)"),
        ({"model": "htdemucs", "backend": "dsp"}, "model must be empty for the backend dsp"),
        ({"model": "umx"}, "model must be one of htdemucs"),
    ],
)
def test_requests_that_contradict_themselves_are_refused(
    asked: dict[str, object], match: str, store: ModelStore
) -> None:
    with pytest.raises(ParamError, match=match):
        choose(store, **asked)
