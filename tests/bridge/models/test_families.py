"""MusicGen among the models: what it runs on, fetching it with that from hub and folder, and all that can go wrong."""

import errno
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.models.fetching import Fetched, MirrorFolder, Offer, fetch_model
from musearoo.bridge.models.files import Tick, read_manifest
from musearoo.bridge.models.store import ModelStore
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.catalogue import find_model
from musearoo.engines.neural.cards.description import ModelCard
from musearoo.engines.neural.cards.forms import PackForm
from tests.bridge.models.hub_server import may_fetch
from tests.bridge.models.model_samples import (
    archive_bytes,
    musicgen_files,
    sha256,
    transformers_files,
    weights_bytes,
    write_files,
)
from tests.optional import require

ACCEPTED = "2026-11-22T12:00:00+00:00"

NAME = "musicgen-small"

T5 = transformers_files("t5")


def card_with(digits: Mapping[str, str], name: str = NAME) -> ModelCard:
    """A card that knows these checksums and no others: the samples are no published files."""
    card = find_model(name)
    assert isinstance(card.form, PackForm)
    return replace(card, form=replace(card.form, digits=digits))


CARD = card_with({})


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's cache of the test's own."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("AUDIOCRAFT_CACHE_DIR", raising=False)
    return tmp_path / "hub"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def write_cached(cache: Path, repository: str, files: dict[str, bytes], commit: str = "one") -> Path:
    """Files as huggingface_hub keeps them: under their checksums, with links to them."""
    folder = cache / f"models--{repository.replace('/', '--')}"
    snapshot = folder / "snapshots" / commit
    write_files(folder, {"refs/main": commit.encode()})
    for name, content in files.items():
        blob = write_files(folder / "blobs", {sha256(content): content}) / sha256(content)
        (snapshot / name).parent.mkdir(parents=True, exist_ok=True)
        (snapshot / name).symlink_to(blob)
    return snapshot


def fetch(mirror: Path, store: ModelStore, card: ModelCard = CARD) -> Fetched:
    return fetch_model(card, MirrorFolder(mirror, card.name), store, ACCEPTED, lambda _done, _total, _name: None)


def test_a_model_is_here_when_what_it_runs_on_is(store: ModelStore) -> None:
    folder = write_files(store.place(NAME), musicgen_files())
    assert (store.find(NAME), store.find_alone(NAME)) == (None, folder)
    assert store.explain_missing(NAME) == (
        f"The model {NAME} lacks what it runs on (t5-base): run `musearoo models fetch {NAME}`."
    )
    encoder = write_files(store.place("t5-base"), T5)
    assert store.find(NAME) == folder
    assert store.find_needed(NAME) == {"t5-base": encoder}


def test_a_codec_is_needed_where_it_is_only_named(store: ModelStore) -> None:
    name = "musicgen-stereo-small"
    write_files(store.place(name), musicgen_files(names_codec=True))
    write_files(store.place("t5-base"), T5)
    assert store.find(name) is None
    assert "(encodec_32khz)" in store.explain_missing(name)
    codec = write_files(store.place("encodec_32khz"), transformers_files("encodec"))
    assert store.find(name) == store.place(name)
    assert store.find_needed(name)["encodec_32khz"] == codec


def test_transformers_form_has_all_in_it(store: ModelStore) -> None:
    folder = write_files(store.place(NAME), transformers_files(parts=2))
    assert (store.find(NAME), store.find_needed(NAME)) == (folder, {})
    (folder / "model-00002-of-00002.safetensors").unlink()
    assert store.find(NAME) is None
    assert "lacks files" in store.explain_missing(NAME)


def test_what_other_programs_left_in_the_hubs_cache_is_found(store: ModelStore, cache: Path) -> None:
    """audiocraft fetches its two files and no more; T5 came under an earlier name of its repository."""
    snapshot = write_cached(cache, f"facebook/{NAME}", musicgen_files())
    earlier = write_cached(cache, "t5-base", T5)
    assert (store.find(NAME), store.find_needed(NAME)) == (snapshot, {"t5-base": earlier})
    assert store.verify(CARD) == store.verify(find_model("t5-base")) == ()
    now = write_cached(cache, "google-t5/t5-base", T5)
    assert store.find_needed(NAME) == {"t5-base": now}
    own = write_files(store.place("t5-base"), T5)
    assert store.find_needed(NAME) == {"t5-base": own}


def test_what_audiocraft_keeps_apart_is_found(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = write_cached(tmp_path / "apart", f"facebook/{NAME}", musicgen_files())
    assert store.find_alone(NAME) is None
    monkeypatch.setenv("AUDIOCRAFT_CACHE_DIR", str(tmp_path / "apart"))
    assert store.find_alone(NAME) == snapshot


def test_half_a_snapshot_is_none(store: ModelStore, cache: Path) -> None:
    files = musicgen_files()
    files.pop("compression_state_dict.bin")
    write_cached(cache, f"facebook/{NAME}", files, "new")
    assert store.find_alone(NAME) is None
    whole = write_cached(cache, f"facebook/{NAME}", musicgen_files(), "old")
    write_files(cache / f"models--facebook--{NAME}", {"refs/main": b"new"})
    assert store.find_alone(NAME) == whole


def test_the_text_that_identifies_a_model_changes_with_what_it_runs_on(store: ModelStore) -> None:
    with pytest.raises(EngineError, match="is not on this machine"):
        store.identify(NAME)
    write_files(store.place(NAME), musicgen_files())
    with pytest.raises(EngineError, match=r"lacks what it runs on \(t5-base\)"):
        store.identify(NAME)
    write_files(store.place("t5-base"), T5)
    first = store.identify(NAME)
    assert store.identify(NAME) == first
    write_files(store.place("t5-base"), {"config.json": b'{"model_type": "t5", "more": 1}'})
    assert store.identify(NAME) != first


def test_a_mirror_may_have_either_form(store: ModelStore, tmp_path: Path) -> None:
    both = write_files(tmp_path / "both", {**musicgen_files(), **transformers_files()})
    folder = fetch(both, store).folder
    assert {path.name for path in folder.iterdir()} == {*musicgen_files(), "manifest.json"}
    folder = fetch(write_files(tmp_path / "one", transformers_files(parts=2)), store).folder
    assert "README.md" not in {path.name for path in folder.iterdir()}
    assert store.find(NAME) == folder
    assert store.verify(CARD) == ()
    manifest = read_manifest(folder)
    assert manifest
    assert manifest.licence == CARD.licence == "CC-BY-NC 4.0: not for commercial use"


def test_another_machines_models_are_a_mirror(store: ModelStore, tmp_path: Path) -> None:
    write_files(store.place(NAME), musicgen_files())
    fetch(write_files(tmp_path / "plain", musicgen_files()), store)
    other = ModelStore(tmp_path / "other")
    assert fetch(store.folder, other).notes == ()
    assert other.find_alone(NAME)


def test_a_models_dependency_is_in_the_mirror_or_next_to_it(tmp_path: Path) -> None:
    models = tmp_path / "models"
    beside = write_files(models / "t5-base", T5)
    alone = write_files(models / NAME, {**musicgen_files(), **transformers_files()})
    for mirror in (models, alone):
        assert MirrorFolder(mirror, "t5-base", NAME).address == str(beside)
    # Its own folder is never taken for that of what it runs on, though it has files of the same names.
    shutil.rmtree(beside)
    with pytest.raises(EngineError, match="has no folder t5-base, in it or beside it, and musicgen-small runs on that"):
        MirrorFolder(alone, "t5-base", NAME)


def test_a_model_of_another_kind_is_refused(store: ModelStore, tmp_path: Path) -> None:
    """All files have the names that are looked for."""
    with pytest.raises(EngineError, match=r"config\.json from .* is of a model of another kind \(t5\)"):
        fetch(write_files(tmp_path / "plain", T5), store)
    assert store.find(NAME) is None


def test_a_folder_of_a_model_is_brought_with_it(store: ModelStore, tmp_path: Path) -> None:
    card = find_model("stable-audio-3-small-music")
    encoder = {"config.json": b"{}", "model.safetensors": weights_bytes(), "tokenizer.json": b"{}"}
    files = {"model_config.json": b"{}", "model.safetensors": weights_bytes(2)}
    files.update({f"t5gemma-b-b-ul2/{name}": content for name, content in encoder.items()})
    mirror = write_files(tmp_path / "plain", {**files, "t5gemma-b-b-ul2/notes.txt": b"no"})
    folder = fetch(mirror, store, card).folder
    assert store.find(card.name) == folder
    assert (store.verify(card), store.look_over(card)) == ((), ())
    assert not (folder / "t5gemma-b-b-ul2" / "notes.txt").exists()
    path = folder / "t5gemma-b-b-ul2" / "model.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"!")
    (problem,) = store.verify(card)
    assert "t5gemma-b-b-ul2" in problem
    assert "its checksum differs" in problem


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content[:-100], "is broken: it has no end, or is no archive at all"),
        (lambda content: content[:1000], "is broken: it has no end, or is no archive at all"),
        (lambda _: b"<html>log in first</html>", "is broken: it has no end, or is no archive at all"),
        (lambda _: b"", "is broken: it has no end, or is no archive at all"),
        (flip, "is broken: archive/data/0 in it is damaged"),
    ],
)
def test_a_broken_archive_is_refused(
    store: ModelStore, tmp_path: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    files = musicgen_files()
    files["state_dict.bin"] = spoil(files["state_dict.bin"])
    with pytest.raises(EngineError, match=rf"state_dict\.bin from .* {said}\. Nothing of it was kept"):
        fetch(write_files(tmp_path / "plain", files), store)
    assert store.find_alone(NAME) is None


def test_what_is_not_the_published_file_is_refused_where_nothing_vouches_for_it(
    store: ModelStore, tmp_path: Path
) -> None:
    mirror = write_files(tmp_path / "plain", musicgen_files())
    with pytest.raises(EngineError, match=r"state_dict\.bin from .* is not the file that was published as state_dict"):
        fetch(mirror, store, find_model(NAME))
    known = {name: sha256(content) for name, content in musicgen_files().items()}
    assert fetch(mirror, store, card_with(known)).notes == ()


@pytest.mark.parametrize(
    ("spoil", "at_a_look", "when_read"),
    [
        (lambda content: content[:-1], "it has no end", "it has no end"),
        (flip, "", "its checksum differs"),
        (lambda _: archive_bytes({"best_state": 1}), "", "its checksum differs"),
    ],
)
def test_a_model_that_was_spoilt_is_named(
    store: ModelStore, tmp_path: Path, spoil: Callable[[bytes], bytes], at_a_look: str, when_read: str
) -> None:
    folder = fetch(write_files(tmp_path / "plain", musicgen_files()), store).folder
    path = folder / "state_dict.bin"
    path.write_bytes(spoil(path.read_bytes()))
    (problem,) = store.verify(CARD)
    assert when_read in problem
    assert problem.endswith(f"run `musearoo models fetch {NAME}`.")
    assert [at_a_look in problem for problem in store.look_over(CARD)] == ([True] if at_a_look else [])


class FullDisk(MirrorFolder):
    """A folder from which comes half of a file, and then the disk is full."""

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        if offer.name != "state_dict.bin":
            return super().bring(offer, draft, tick)
        draft.write_bytes((self._folder / offer.name).read_bytes()[: offer.bytes // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_costs_only_what_is_still_to_come(store: ModelStore, tmp_path: Path) -> None:
    first = fetch(write_files(tmp_path / "plain", musicgen_files()), ModelStore(tmp_path / "other")).folder
    with pytest.raises(EngineError, match=r"The disk of .*models is full: free some space and run this again"):
        fetch_model(CARD, FullDisk(first, NAME), store, ACCEPTED, lambda _done, _total, _name: None)
    assert store.find_alone(NAME) is None
    shown: list[tuple[int, int]] = []
    mirror = MirrorFolder(first, NAME)
    fetch_model(CARD, mirror, store, ACCEPTED, lambda done, total, _: shown.append((done, total)))
    assert shown[0][0] == len(musicgen_files()["state_dict.bin"]) // 2
    assert store.verify(CARD) == ()


def test_idle_is_what_nothing_else_runs_on(store: ModelStore, cache: Path) -> None:
    write_files(store.place(NAME), musicgen_files())
    write_files(store.place("t5-base"), T5)
    assert store.list_users("t5-base") == (NAME,)
    assert store.list_idle(NAME) == ("t5-base",)
    write_cached(cache, "facebook/musicgen-melody", musicgen_files())
    assert store.list_users("t5-base") == (NAME, "musicgen-melody")
    assert store.list_idle(NAME) == ()
    # The copy in the hub's cache goes on needing it.
    write_cached(cache, f"facebook/{NAME}", musicgen_files())
    shutil.rmtree(cache / "models--facebook--musicgen-melody")
    assert store.list_idle(NAME) == ()


def test_an_archive_without_checksum_is_read_whole_when_it_comes(store: ModelStore, tmp_path: Path) -> None:
    """The archive's own sums are all there is to hold it against."""
    files = musicgen_files()
    mirror = write_files(tmp_path / "plain", files)
    notes = fetch(mirror, store).notes
    assert [note.split()[3] for note in notes] == ["state_dict.bin", "compression_state_dict.bin"]
    with zipfile.ZipFile(store.place(NAME) / "state_dict.bin") as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize(
    ("name", "kind", "form", "codec"),
    [
        ("musicgen-stereo-small", "stereo", "audiocraft", "named"),
        ("musicgen-melody", "melody", "transformers", "inside"),
    ],
)
def test_what_comes_can_be_loaded_and_makes_sound(
    store: ModelStore, tmp_path: Path, name: str, kind: str, form: str, codec: str
) -> None:
    """Random weights in the real forms, through fetching and the loader."""
    require("transformers")
    from musearoo.engines.audio.sound_model import SoundRequest
    from musearoo.engines.neural.musicgen.loading import load_musicgen
    from musearoo.tools.bench.musicgen.random_models import write_random_musicgen

    write_random_musicgen(tmp_path / "mirror", kind=kind, form=form, codec=codec)
    fetch(tmp_path / "mirror", store, card_with({}, name))
    for needed in store.list_needed(name):
        fetch(tmp_path / "mirror", store, card_with({}, needed))
    folder, others = store.find(name), store.find_needed(name)
    assert folder
    model = load_musicgen(folder, others.get("t5-base"), others.get("encodec_32khz"), device="cpu", name=name)
    blocks = list(model.imagine(SoundRequest("a warm house loop", 0.2, seed=1), lambda _done, _what: None))
    assert sum(block.shape[1] for block in blocks) == round(0.2 * model.rate)
    assert (model.channels == 2) == ("stereo" in name)
    assert model.follows_melody == ("melody" in name)


class TestFromTheHub:
    """The hub has no checksums of its small files, and keeps each model in a repository of its own."""

    @pytest.fixture(autouse=True)
    def straight(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """A hub may be asked."""
        require("huggingface_hub")
        with may_fetch(monkeypatch):
            yield

    def test_only_what_is_needed_of_a_repository_comes(self, store: ModelStore) -> None:
        from musearoo.bridge.models.hub import HubRepository
        from tests.bridge.models.hub_server import HubServer, serve_hub

        files = {**musicgen_files(), **transformers_files()}
        card = find_model(NAME)
        with serve_hub(HubServer(card.repository, files)) as hub:
            origin = HubRepository(card.repository, hub.address, wait=0.001)
            fetched = fetch_model(card, origin, store, ACCEPTED, lambda _done, _total, _name: None)
        assert {one.path.rpartition("/")[2] for one in hub.asked_for("resolve")} == set(musicgen_files())
        assert store.verify(card) == ()
        # The hub vouches for them, and yet they are not the published ones.
        assert [note.partition(",")[0] for note in fetched.notes] == [
            f"{name} is not the file that this MuseAroo knows" for name in musicgen_files()
        ]

    def test_a_gated_model_says_what_to_do(self, store: ModelStore) -> None:
        from musearoo.bridge.models.hub import HubRepository
        from tests.bridge.models.hub_server import HubServer, serve_hub

        card = find_model("stable-audio-3-small-music")
        encoder = {f"t5gemma-b-b-ul2/{name}": b"{}" for name in ("config.json", "tokenizer.json")}
        weights = {"model.safetensors": weights_bytes(), "t5gemma-b-b-ul2/model.safetensors": weights_bytes(2)}
        server = HubServer(card.repository, {"model_config.json": b"{}", **weights, **encoder})
        with serve_hub(server) as hub:
            hub.errors = {"resolve": 403}
            origin = HubRepository(card.repository, hub.address, wait=0.001)
            with pytest.raises(EngineError, match="not open to you: try `hf auth login`"):
                fetch_model(card, origin, store, ACCEPTED, lambda _done, _total, _name: None)
            hub.errors.clear()
            fetch_model(card, origin, store, ACCEPTED, lambda _done, _total, _name: None)
        assert store.find(card.name)
