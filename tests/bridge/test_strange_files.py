"""Pipes, devices, folders, links to nowhere and files of gigabytes where MuseAroo reads: none stops or holds it up."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from musearoo.bridge.analysis.cache import AnalysisCache, AnalysisKey
from musearoo.bridge.cache.catalogue import ANALYSES, RECOGNISER, STEM_INDEX
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.cli import main
from musearoo.bridge.commands.shared.kits import read_kits
from musearoo.bridge.copilot.preferences_file import PreferencesError, read_preferences
from musearoo.bridge.imagining.sidecar import read_sidecar
from musearoo.bridge.midi.ports.ledger_file import LedgerFile
from musearoo.bridge.models.files import read_manifest
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder
from musearoo.bridge.settings.live_folders import installed_devices_match, installed_script_matches
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.presets_folder import KEPT, read_styles, stamp_styles
from musearoo.bridge.settings.user_settings import Settings, SettingsError
from musearoo.bridge.speech.recognition.pieces import read_pieces
from musearoo.bridge.stems.cache import StemCache, StemKey
from musearoo.engines.errors import EngineError
from musearoo.engines.language.state.preferences import NO_PREFERENCES
from musearoo.engines.neural.cards.demucs_recipe import read_recipe
from musearoo.engines.players.learning.writing import write_style
from tests.bridge.commands.command_line import Output, failure_of, home, report_of  # noqa: F401
from tests.engines.foundation.test_parsing import BAD_YAML
from tests.strange_files import STRANGE, make_strange

ABSENT = "link to nowhere"
"""The one that is as good as no file."""

HOSTILE = {name: text for name, (text, _) in BAD_YAML.items() if name != "half a character"} | {
    "a name that is a list": "name: [[a, b], [c, d]]\nbased_on: funk",
    "a name that is a date": "name: 2024-01-02\nbased_on: funk",
    "a name without end": f"name: {'n' * 100_000}\nbased_on: funk",
    "no name": "based_on: funk",
    "based on a list": "name: mine\nbased_on: [funk, rock]",
    "based on itself": "name: mine\nbased_on: mine",
    "based on a text without end": f"name: mine\nbased_on: {'n' * 100_000}",
    "based on bombs": "name: mine\nbased_on: &a [&b [x, x], *b, *b]",
    "aliases of bombs": "name: mine\nbased_on: funk\naliases: [&a [x], *a, *a]",
    "no mapping": "just words",
}


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    monkeypatch.setattr(LOG, "propagate", True)
    caplog.set_level(logging.WARNING, logger=LOG.name)
    return lambda: [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize("kind", STRANGE)
def test_a_style_that_is_no_file_is_left_out_by_name(
    tmp_path: Path, kind: str, warnings: Callable[[], list[str]]
) -> None:
    folder = tmp_path / "styles"
    folder.mkdir()
    (folder / "good.yaml").write_text("name: good\nbased_on: funk\n", encoding="utf-8")
    make_strange(kind, folder / "bad.yaml")
    part = folder / "half"
    part.mkdir()
    (part / "style.yaml").write_text("name: half\nbased_on: funk\n", encoding="utf-8")
    make_strange(kind, part / "bass.yaml")
    styles = read_styles(folder)
    assert "good" in styles
    assert "half" not in styles
    said = warnings()
    assert len(said) == 2
    assert all("left out" in line and name in line for line, name in zip(said, ("bad.yaml", "half"), strict=True))
    assert all(len(line) < 400 for line in said)
    stamp_styles(folder)


def test_hostile_styles_are_left_out_each_with_one_line(tmp_path: Path, warnings: Callable[[], list[str]]) -> None:
    folder = tmp_path / "styles"
    folder.mkdir()
    for number, text in enumerate(HOSTILE.values()):
        (folder / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    (folder / "last.yaml").write_text("name: good\nbased_on: funk\n", encoding="utf-8")
    assert set(read_styles(folder)) == {*read_styles(), "good"}
    said = warnings()
    assert all(line.startswith("A style is left out: ") and len(line) < 3_000 for line in said)
    for number, name in enumerate(HOSTILE):
        assert sum(f"{number:02}.yaml: " in line for line in said) == 1, name
    assert len(said) == len(HOSTILE)


def test_commands_go_on_beside_hostile_files(home: Path, capsys: Output) -> None:  # noqa: F811
    for folder in ("styles", "kits"):
        (home / folder).mkdir(parents=True)
        for number, text in enumerate([*HOSTILE.values()][::5]):
            (home / folder / f"{number:02}.yaml").write_text(text, encoding="utf-8")
        for number, kind in enumerate(STRANGE):
            make_strange(kind, home / folder / f"strange{number}.yaml")
    (home / "kits" / "mine.yaml").write_text("name: mine\npads: {kick: 24}\n", encoding="utf-8")
    make_strange("pipe", home / KEPT)
    assert main(["styles", "--json"]) == 0
    assert [style["name"] for style in json.loads(capsys.readouterr().out)] == sorted(read_styles())
    assert main(["generate", "drums", "--kit", "mine", "--bars", "1", "--json"]) == 0
    capsys.readouterr()
    assert main(["doctor", "--json"]) in (0, 1)
    json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("kind", STRANGE)
def test_files_of_the_home_are_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    folder = ConfigFolder(tmp_path)
    for name in ("settings.yaml", "token", "daemon.json", "self_test.json", "preferences.json"):
        make_strange(kind, tmp_path / name)
    assert folder.read_endpoint() is None
    assert folder.read_self_test() is None
    if kind == ABSENT:
        assert read_preferences(tmp_path) == NO_PREFERENCES
        return
    with pytest.raises(SettingsError, match=r"settings\.yaml cannot be read .* start again\.$"):
        folder.read_settings()
    with pytest.raises(ConfigError, match=r"token cannot be read .* start again\.$"):
        folder.read_token()
    with pytest.raises(PreferencesError, match=r"preferences\.json cannot be read: "):
        read_preferences(tmp_path)
    assert sum(path.lstat().st_blocks for path in tmp_path.iterdir()) < 1_000


@pytest.mark.parametrize("kind", STRANGE)
def test_caches_and_tables_that_are_no_files_count_as_missing(tmp_path: Path, kind: str) -> None:
    styles = tmp_path / "styles"
    make_strange(kind, tmp_path / KEPT)
    assert read_styles(styles) == read_styles()
    stem = StemKey("c", 0, -1, 0, "dsp 1", "FLOAT")
    stems = DiskLevel(tmp_path / "stems", STEM_INDEX.bounds, STEM_INDEX.suffix)
    stems.folder.mkdir()
    make_strange(kind, stems.path(stem.name))
    assert StemCache(stems).find(stem, tmp_path) is None
    assert StemCache(stems).find_stems("c") is None
    heard = AnalysisKey("c", 0, 1, False, "fast")
    analyses = DiskLevel(tmp_path / "heard", ANALYSES.bounds, ANALYSES.suffix)
    analyses.folder.mkdir()
    make_strange(kind, analyses.path(heard.name("one")))
    assert AnalysisCache(analyses, "one").read(heard) is None
    build = DiskLevel(tmp_path / "builds", RECOGNISER.bounds, RECOGNISER.suffix, is_mapped=True)
    build.folder.mkdir()
    make_strange(kind, build.path("c"))
    assert build.read("c") is None
    (tmp_path / "kits").mkdir()
    make_strange(kind, tmp_path / "kits" / "a.yaml")
    assert "a" not in [kit.name for kit in read_kits(tmp_path / "kits")]
    make_strange(kind, tmp_path / "sidecar.json")
    with pytest.raises(EngineError, match="cannot be read"):
        read_sidecar(tmp_path / "sidecar.json")
    make_strange(kind, tmp_path / "tokenizer.bin")
    with pytest.raises(OSError, match=r"tokenizer\.bin"):
        read_pieces(tmp_path / "tokenizer.bin")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link to a pipe", "links in a circle"])
def test_what_sounds_is_remembered_for_the_process_where_its_file_is_none(tmp_path: Path, kind: str) -> None:
    make_strange(kind, tmp_path / "sounds")
    make_strange(kind, tmp_path / "sounds-2")
    ledgers = LedgerFile(tmp_path / "sounds")
    ledgers.adopt()
    assert ledgers.left_over() == ()
    assert ledgers.ledger("out").is_silent
    ledgers.close()


@pytest.mark.parametrize("kind", STRANGE)
def test_models_whose_files_are_none_are_not_there(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    for folder in (tmp_path / "models" / "htdemucs", tmp_path / "hub" / "models--adefossez--HTDemucs" / "refs"):
        folder.mkdir(parents=True)
    make_strange(kind, tmp_path / "hub" / "models--adefossez--HTDemucs" / "refs" / "main")
    (tmp_path / "hub" / "models--adefossez--HTDemucs" / "snapshots").mkdir()
    own = tmp_path / "models" / "htdemucs"
    for name in ("htdemucs.yaml", "manifest.json", "955717e8.safetensors"):
        make_strange(kind, own / name)
    store = ModelStore(tmp_path / "models")
    assert store.find("htdemucs") is None
    assert read_manifest(own) is None
    with pytest.raises(EngineError, match="musearoo models fetch htdemucs"):
        read_recipe(own, "htdemucs")


@pytest.mark.parametrize("commit", ["../../..", "", "a b", "\xff", "x" * 1_000])
def test_a_commit_of_the_hub_that_is_none_leads_nowhere(
    tmp_path: Path, commit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    folder = tmp_path / "models--adefossez--HTDemucs"
    (folder / "refs").mkdir(parents=True)
    (folder / "snapshots").mkdir()
    (folder / "refs" / "main").write_bytes(commit.encode("latin-1"))
    assert ModelStore(tmp_path / "models").find("htdemucs") is None


@pytest.mark.parametrize("kind", STRANGE)
def test_files_that_commands_are_given_are_refused_in_a_line(
    tmp_path: Path, kind: str, capsys: Output, home: Path  # noqa: F811
) -> None:  # fmt: skip
    for name in ("a.mid", "a.json", "a.yaml"):
        make_strange(kind, tmp_path / name)
    for arguments in (
        ("generate", "drums", "--context", str(tmp_path / "a.json")),
        ("generate", "drums", "--context", str(tmp_path / "a.mid")),
        ("generate", "drums", "--kit", str(tmp_path / "a.yaml")),
        ("refine", str(tmp_path / "a.mid"), "--change", "busier"),
        ("analyze", str(tmp_path / "a.mid")),
        ("learn", str(tmp_path / "a.mid"), "--name", "mine"),
    ):
        assert failure_of(capsys, *arguments), arguments
    assert not (home / "styles").exists()


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_installed_is_looked_at_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    script = tmp_path / "Remote Scripts" / "MuseAroo"
    for path in (script / "host" / "config.py", script / "wire" / "link.py"):
        path.parent.mkdir(parents=True)
        make_strange(kind, path)
    assert installed_script_matches(tmp_path) is False
    assert installed_devices_match(tmp_path) is False


def test_settings_that_expand_are_refused_with_the_line(tmp_path: Path) -> None:
    folder = ConfigFolder(tmp_path)
    folder.settings_file.write_text("midi_in: &a [x]\nmidi_out: *a\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.yaml: .* an alias .* \(line 1, column 10\)$"):
        folder.read_settings()
    folder.settings_file.unlink()
    assert folder.peek_settings() == Settings()


def test_endpoints_and_reports_of_other_types_are_none(tmp_path: Path) -> None:
    folder = ConfigFolder(tmp_path)
    for text in ('{"script_port": "1", "device_port": 2, "pid": 3, "version": "x"}', "[" * 100_000, '{"when": NaN}'):
        folder.endpoint_file.write_text(text)
        folder.self_test_file.write_text(text)
        assert (folder.read_endpoint(), folder.read_self_test()) == (None, None)


def test_what_learn_writes_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(write_style({"name": "mine", "based_on": "funk"}, "Mine."), encoding="utf-8")
    assert read_styles(tmp_path)["mine"].based_on == "funk"
