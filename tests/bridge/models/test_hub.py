"""Fetching from the hub: from a server that behaves as it does, and one that breaks, lies, stalls or refuses."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from musearoo.bridge.models.fetching import Fetched, fetch_model
from musearoo.bridge.models.store import ModelStore
from musearoo.engines.errors import EngineError
from musearoo.engines.regular_files import LARGEST_TEXT
from tests.bridge.models.hub_server import REVISION, HubServer, may_fetch, serve_hub
from tests.bridge.models.model_samples import CARD, model_files, sha256
from tests.optional import require

require("huggingface_hub")

import musearoo.bridge.models.hub as model_hub
from musearoo.bridge.models.hub import HubRepository

WEIGHTS = "tiny0.safetensors"


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A hub may be asked."""
    with may_fetch(monkeypatch):
        yield


@pytest.fixture
def hub() -> Iterator[HubServer]:
    """A hub that has the model."""
    with serve_hub(HubServer(CARD.repository, model_files())) as hub:
        yield hub


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def fetch(hub: HubServer, store: ModelStore, shown: list[tuple[int, int]] | None = None) -> Fetched:
    origin = HubRepository(CARD.repository, hub.address, wait=0.001)

    def show(done: int, total: int, _name: str) -> None:
        if shown is not None:
            shown.append((done, total))

    return fetch_model(CARD, origin, store, "2026-11-22T12:00:00+00:00", show)


def test_what_is_fetched_is_what_the_hub_has(hub: HubServer, store: ModelStore) -> None:
    shown: list[tuple[int, int]] = []
    fetched = fetch(hub, store, shown)
    for name, content in hub.files.items():
        assert (fetched.folder / name).read_bytes() == content
    assert store.find(CARD.name) == fetched.folder
    assert (store.verify(CARD), fetched.notes) == ((), ())
    size = len(hub.files[WEIGHTS])
    assert shown == sorted(shown)
    assert shown[-1] == (size, size)
    assert len(shown) > 3
    assert [path.name for path in store.folder.iterdir() if path.is_dir()] == [CARD.name]
    assert all(REVISION in one.path for one in hub.asked_for("resolve"))


def test_what_is_fetched_can_be_loaded(hub: HubServer, store: ModelStore, tmp_path: Path) -> None:
    require("demucs")
    from musearoo.engines.neural.demucs.loading import load_demucs
    from musearoo.tools.bench.stems.random_demucs import write_random_demucs

    folder = write_random_demucs(tmp_path / "random", CARD.name, tiny=True)
    hub.files = {path.name: path.read_bytes() for path in folder.iterdir()}
    hub.breaks = [100_000]
    model = load_demucs(fetch(hub, store).folder, CARD.name, "cpu")
    assert set(model.sources) == set(CARD.stems)


def test_names_that_lead_elsewhere_are_none(hub: HubServer) -> None:
    hub.files.update(dict.fromkeys(("../a", "b/../../c", "/etc/d", "e//f", "g\\..\\h", "C:/i", "./j"), b"x"))
    assert set(HubRepository(CARD.repository, hub.address).offers) == set(model_files())


def test_settings_of_any_size_are_not_fetched(hub: HubServer, store: ModelStore) -> None:
    hub.files["htdemucs.yaml"] = b"#" * (LARGEST_TEXT + 1)
    with pytest.raises(EngineError, match=r"htdemucs\.yaml from .* is too large to be settings"):
        fetch(hub, store)
    assert not hub.asked_for("resolve")


def test_a_connection_that_breaks_is_gone_on_with(hub: HubServer, store: ModelStore) -> None:
    hub.breaks = [700_000, 300_000]
    shown: list[tuple[int, int]] = []
    folder = fetch(hub, store, shown).folder
    assert (folder / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    ranges = [one.range for one in hub.asked_for("/files/")]
    assert ranges[0] == ""
    assert len(ranges) == 3
    assert all(0 < int(later.removeprefix("bytes=").removesuffix("-")) < 1_000_000 for later in ranges[1:])
    assert shown == sorted(shown)


def test_what_came_is_kept_for_a_later_run(hub: HubServer, store: ModelStore) -> None:
    hub.breaks = [700_000, 0, 0, 0, 0, 0]
    with pytest.raises(EngineError, match=r"cannot be reached .* goes on from there, or .* --mirror DIR"):
        fetch(hub, store)
    assert store.find(CARD.name) is None
    hub.breaks.clear()
    hub.asked.clear()
    shown: list[tuple[int, int]] = []
    folder = fetch(hub, store, shown).folder
    assert (folder / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    assert [one.range[:7] for one in hub.asked_for("/files/")] == ["bytes=5"]
    assert shown[0][0] > 500_000


def test_a_draft_of_other_weights_is_not_gone_on_with(hub: HubServer, store: ModelStore) -> None:
    hub.breaks = [700_000, 0, 0, 0, 0, 0]
    with pytest.raises(EngineError):
        fetch(hub, store)
    hub.breaks.clear()
    hub.files = model_files(networks=3)
    hub.files[WEIGHTS] = hub.files.pop("tiny2.safetensors")
    hub.files[f"{CARD.name}.yaml"] = b"models: [tiny0]\n"
    hub.asked.clear()
    assert (fetch(hub, store).folder / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    assert [one.range for one in hub.asked_for("/files/")] == [""]


def test_files_that_came_before_are_not_fetched_again(hub: HubServer, store: ModelStore) -> None:
    hub.files = model_files(networks=3)
    hub.errors = {"tiny2": 403}
    with pytest.raises(EngineError, match="not open to you"):
        fetch(hub, store)
    hub.errors.clear()
    hub.asked.clear()
    fetch(hub, store)
    assert [one.path for one in hub.asked_for("/files/")] == ["/files/tiny2.safetensors"]
    assert store.verify(CARD) == ()


def test_a_host_without_ranges_starts_over(hub: HubServer, store: ModelStore) -> None:
    hub.breaks = [700_000]
    hub.knows_ranges = False
    shown: list[tuple[int, int]] = []
    folder = fetch(hub, store, shown).folder
    assert sha256((folder / WEIGHTS).read_bytes()) == sha256(hub.files[WEIGHTS])
    assert shown[-1][0] == shown[-1][1]


def test_wrong_content_is_thrown_away(hub: HubServer, store: ModelStore) -> None:
    right = hub.files[WEIGHTS]
    hub.wrong = {WEIGHTS: right[:-1] + bytes([right[-1] ^ 1])}
    with pytest.raises(EngineError, match=r"tiny0\.safetensors from http\S+ is not what .* checksum differs"):
        fetch(hub, store)
    assert store.find(CARD.name) is None
    hub.wrong = {WEIGHTS: right + b"more"}
    with pytest.raises(EngineError, match="sends more for tiny0"):
        fetch(hub, store)
    hub.wrong.clear()
    assert (fetch(hub, store).folder / WEIGHTS).read_bytes() == right


@pytest.mark.parametrize(
    ("where", "status", "said"),
    [
        ("/api/", 404, "is not there, or not open to you: try `hf auth login`"),
        ("/api/", 500, "answers with error 500: try again later"),
        ("/files/", 401, "is not there, or not open to you"),
        ("/files/", 503, "answers with error 503"),
        ("resolve", 429, "answers with error 429"),
    ],
)
def test_refusals_are_one_sentence(hub: HubServer, store: ModelStore, where: str, status: int, said: str) -> None:
    hub.errors = {where: status}
    with pytest.raises(EngineError, match=said) as refused:
        fetch(hub, store)
    assert "--mirror DIR" in str(refused.value)
    assert store.find(CARD.name) is None


def test_a_repository_that_is_not_there_is_named(hub: HubServer) -> None:
    with pytest.raises(EngineError, match="adefossez/Nothing is not there, or not open to you"):
        HubRepository("adefossez/Nothing", hub.address)


def test_no_network_is_one_sentence() -> None:
    with pytest.raises(EngineError, match=r"^http://127\.0\.0\.1:9 cannot be reached \(.*\): check the network"):
        HubRepository(CARD.repository, "http://127.0.0.1:9")


def test_a_captive_portal_is_reported(hub: HubServer) -> None:
    hub.errors = {"/api/": 200}
    with pytest.raises(EngineError, match="answers what no hub does: a network that asks you to log in does so"):
        HubRepository(CARD.repository, hub.address)


def test_the_offline_setting_is_reported(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EngineError, match="HF_HUB_OFFLINE is set: unset it"):
        HubRepository(CARD.repository, hub.address)


def test_a_hub_that_falls_silent_is_given_up(
    hub: HubServer, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_hub, "TIMEOUT", 0.05)
    hub.stall = threading.Event()
    try:
        with pytest.raises(EngineError, match=r"did not answer for 0\.05 seconds: run this again"):
            fetch(hub, store)
    finally:
        hub.stall.set()


def test_the_token_goes_to_the_hub_and_not_to_the_host_of_the_files(
    hub: HubServer, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch(hub, store)
    assert {one.token for one in hub.asked_for("resolve")} == {"Bearer hf_secret"}
    assert {one.token for one in hub.asked_for("/files/")} == {""}


def test_the_environment_names_the_hub(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    assert HubRepository(CARD.repository).address.startswith(hub.address)
