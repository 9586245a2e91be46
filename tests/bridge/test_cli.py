"""The command line, in this process: exit statuses, one line on stderr, and the shapes that --json promises."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import mido  # type: ignore[import-untyped]
import pytest

from musearoo import __version__
from musearoo.bridge.cli import COMMANDS, main
from musearoo.bridge.settings.live_folders import script_folder
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of, wrong_value_of

__all__ = ["home"]

# --- usage -----------------------------------------------------------------------------------------------------------


def test_help_and_version_are_no_errors(capsys: Output) -> None:
    for flag, words in (("--help", "AI music inside Ableton Live"), ("--version", f"MuseAroo {__version__}")):
        with pytest.raises(SystemExit) as ended:
            main([flag])
        assert ended.value.code == 0
        assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "demo",
        "install",
        "uninstall",
        "doctor",
        "analyze",
        "generate",
        "refine",
        "song",
        "learn",
        "models",
        "engines",
        "styles",
        "bench",
    ],
)
def test_every_command_of_the_contract_has_help(command: str, capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"musearoo {command}" in capsys.readouterr().out


def test_version_and_help_import_no_command() -> None:
    # They are to answer at once: what only one command needs would cost each of them a second.
    for flag in ("--version", "--help"):
        program = (
            f"import sys\nfrom musearoo.bridge.cli import main\ntry:\n main(['{flag}'])\nfinally:\n print(*sys.modules)"
        )
        shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        loaded = shown.splitlines()[-1].split()
        assert "musearoo.bridge.cli" in loaded
        assert not {
            "numpy",
            "msgspec",
            "rich",
            "yaml",
            "musearoo.bridge.settings.config_files",
            "musearoo.bridge.daemon",
        } & set(loaded), flag


def test_every_module_of_a_command_says_what_it_does() -> None:
    for command in COMMANDS.values():
        module = import_module(f"musearoo.bridge.commands.{command.module}")
        assert (module.__doc__ or "").startswith("`musearoo ")


@pytest.mark.parametrize("arguments", [(), ("dance",), ("engines", "--loud"), ("generate",), ("bench",)])
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], capsys: Output) -> None:
    assert "usage: musearoo" in usage_of(capsys, *arguments)


@pytest.mark.parametrize(
    ("flag", "values", "bounds"),
    [
        ("--bars", ["0", "65", "-1", "1.5", "eight", ""], "must be a whole number in 1..64"),
        ("--bpm", ["19.9", "1000", "nan", "inf", "fast"], "must be a number in 20..999"),
        ("--complexity", ["-0.1", "1.1", "nan"], "must be a number in 0..1"),
        ("--seed", ["-1", "2147483648", "x"], "must be a whole number in 0..2147483647"),
    ],
)
def test_a_value_out_of_bounds_is_reported_with_its_bounds(
    flag: str, values: list[str], bounds: str, capsys: Output
) -> None:
    for value in values:
        said = usage_of(capsys, "generate", "drums", f"{flag}={value}")
        assert f"argument {flag}: {bounds}, not {value!r}" in said


# --- engines, styles -------------------------------------------------------------------------------------------------


def test_engines_are_listed(capsys: Output) -> None:
    rows = report_of(capsys, "engines")
    assert [row["name"] for row in rows] == [engine.name for engine in ENGINES]
    assert all(set(row) >= {"name", "title", "part", "summary"} for row in rows)
    assert main(["engines"]) == 0
    assert "DrummaRoo" in capsys.readouterr().out


def test_styles_are_listed_with_the_users_own(capsys: Output, home: Path) -> None:
    before = {row["name"] for row in report_of(capsys, "styles")}
    assert {"rock", "funk", "house"} <= before
    (home / "styles").mkdir(parents=True)
    (home / "styles" / "mine.yaml").write_text("name: my-funk\nbased_on: funk\n", encoding="utf-8")
    rows = report_of(capsys, "styles")
    assert {row["name"] for row in rows} - before == {"my-funk"}
    assert all(set(row) >= {"name", "aliases", "tempo", "summary"} for row in rows)
    assert main(["styles"]) == 0
    assert "funk" in capsys.readouterr().out


# --- generate --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [engine.name for engine in ENGINES])
def test_generate_reports_in_the_shape_of_the_contract(engine: str, capsys: Output) -> None:
    report = report_of(
        capsys,
        "generate",
        engine,
        "--style",
        "funk",
        "--bars",
        "4",
        "--bpm",
        "98.5",
        "--seed",
        "7",
        "--key",
        "A minor",
        "--chords",
        "Am | F | C | G",
    )
    contract = {"engine", "style", "bars", "bpm", "key", "time_signature", "seed", "ms", "length_beats", "notes", "out"}
    assert set(report) >= contract
    shown = {name: report[name] for name in contract - {"ms", "notes"}}
    assert shown == {
        "engine": engine,
        "style": "funk",
        "bars": 4,
        "bpm": 98.5,
        "key": "A minor",
        "time_signature": "4/4",
        "seed": 7,
        "length_beats": 16.0,
        "out": None,
    }
    assert report["ms"] > 0
    assert report["notes"]
    for start, pitch, duration, velocity in report["notes"]:
        assert 0 <= start < 16
        assert isinstance(pitch, int)
        assert 0 <= pitch <= 127
        assert duration > 0
        assert 1 <= velocity <= 127


def test_an_engine_is_also_found_by_its_part(capsys: Output) -> None:
    assert report_of(capsys, "generate", "drums")["engine"] == "drummaroo"


def test_the_same_seed_gives_the_same_notes_and_no_seed_draws_one(capsys: Output) -> None:
    first, again = (report_of(capsys, "generate", "drums", "--style=rock", "--seed=3")["notes"] for _ in range(2))
    assert first == again
    one, other = (report_of(capsys, "generate", "drums", "--style=rock") for _ in range(2))
    assert one["seed"] != other["seed"]
    assert report_of(capsys, "generate", "drums", "--style=rock", f"--seed={one['seed']}")["notes"] == one["notes"]


def test_without_a_tempo_the_styles_own_is_taken(capsys: Output) -> None:
    (funk,) = (row for row in report_of(capsys, "styles") if row["name"] == "funk")
    low, high = min(funk["tempo"]), max(funk["tempo"])
    assert low <= report_of(capsys, "generate", "drums", "--style=funk")["bpm"] <= high


def test_another_meter_is_played(capsys: Output) -> None:
    report = report_of(capsys, "generate", "drums", "--time-signature=7/8", "--bars=2")
    assert (report["time_signature"], report["length_beats"]) == ("7/8", 7.0)


def test_the_midi_file_holds_the_notes_that_were_reported(capsys: Output, tmp_path: Path) -> None:
    out = tmp_path / "bass.mid"
    report = report_of(capsys, "generate", "bass", "--bpm=98.5", "--bars=4", "--chords=Am F", f"--out={out}")
    assert report["out"] == str(out)
    file = mido.MidiFile(out)
    struck = [
        message.note for track in file.tracks for message in track if message.type == "note_on" and message.velocity
    ]
    assert sorted(struck) == sorted(pitch for _, pitch, _, _ in report["notes"])
    (tempo,) = {message.tempo for track in file.tracks for message in track if message.type == "set_tempo"}
    assert mido.tempo2bpm(tempo) == pytest.approx(98.5, abs=0.001)


def test_a_context_file_gives_tempo_key_and_meter(capsys: Output, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text('{"tempo": 91, "key": "D minor", "meter": "6/8"}', encoding="utf-8")
    report = report_of(capsys, "generate", "bass", f"--context={context}", "--bars=2")
    assert (report["bpm"], report["key"], report["time_signature"]) == (91.0, "D minor", "6/8")


def test_without_json_a_piano_roll_is_drawn(capsys: Output) -> None:
    assert main(["generate", "drums", "--seed=1"]) == 0
    shown = capsys.readouterr().out
    assert "engine drummaroo" in shown
    assert len(shown.splitlines()) > 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["accordiroo"], "engine must be one of drummaroo, bassaroo"),
        (["drums", "--style=polka"], "polka"),
        (["bass", "--key=H minor"], "key"),
        (["bass", "--chords=Am | Xyz"], "chord"),
        (["drums", "--time-signature=4/5"], "meter must be"),
        (["drums", "--time-signature=waltz"], "meter must be"),
    ],
)
def test_what_is_no_such_value_is_wrong_usage(arguments: list[str], words: str, capsys: Output) -> None:
    assert words in wrong_value_of(capsys, "generate", *arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["drums", "--context=/no/such/file.json"], "file.json cannot be read"),
        (["drums", f"--context={__file__}"], "is neither a MIDI file (.mid) nor a JSON object"),
        (["drums", "--out=/no/such/folder/f.mid"], "f.mid cannot be written"),
    ],
)
def test_an_invalid_request_is_reported_in_one_line(arguments: list[str], words: str, capsys: Output) -> None:
    assert words in failure_of(capsys, "generate", *arguments)


CONTEXTS = {
    "not JSON": "{",
    "a list": "[]",
    "a deep list": "[" * 20_000,
    "an unknown key": '{"tempoo": 120}',
    "a tempo out of bounds": '{"tempo": 3}',
    "a tempo of no number": '{"tempo": "fast"}',
    "a tempo beyond numbers": '{"tempo": NaN}',
    "a key that there is not": '{"key": "H minor"}',
    "chords of no list": '{"chords": 3}',
    "clips of no list": '{"clips": 3}',
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_an_invalid_context_is_reported_in_one_line(name: str, capsys: Output, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text(CONTEXTS[name], encoding="utf-8")
    failure_of(capsys, "generate", "drums", f"--context={context}")


def test_a_context_beside_what_it_says_already_is_refused(capsys: Output, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text("{}", encoding="utf-8")
    said = failure_of(capsys, "generate", "drums", f"--context={context}", "--bpm=100", "--key=A minor")
    assert "--context already says what --bpm, --key would" in said


# --- install, run ----------------------------------------------------------------------------------------------------


def test_install_says_what_it_did_and_what_to_click(capsys: Output, tmp_path: Path) -> None:
    assert main(["install", f"--user-library={tmp_path}", "--dry-run"]) == 0
    assert f"would write {script_folder(tmp_path)}" in capsys.readouterr().out
    assert not script_folder(tmp_path).exists()
    assert main(["install", f"--user-library={tmp_path}"]) == 0
    said = capsys.readouterr().out
    assert f"write {script_folder(tmp_path)}" in said
    assert "Control Surface" in said
    assert main(["uninstall", f"--user-library={tmp_path}"]) == 0
    assert f"remove {script_folder(tmp_path)}" in capsys.readouterr().out
    assert main(["uninstall", f"--user-library={tmp_path}"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_install_without_a_library_is_reported_in_one_line(capsys: Output, tmp_path: Path) -> None:
    assert "no User Library at" in failure_of(capsys, "install", f"--user-library={tmp_path / 'nowhere'}")


@pytest.mark.skipif(os.name == "nt", reason="Windows has a standard User Library")
def test_install_where_no_live_runs_asks_for_the_library(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert "--user-library DIR" in failure_of(capsys, "install")


def test_run_with_broken_settings_is_reported_in_one_line(capsys: Output, home: Path) -> None:
    home.mkdir()
    (home / "settings.yaml").write_text("sample_rate: 3", encoding="utf-8")
    assert "settings.yaml: sample_rate" in failure_of(capsys, "run", "--quiet")
    assert not (home / "daemon.json").exists()


def test_run_in_a_folder_that_cannot_be_created_is_reported_in_one_line(capsys: Output, home: Path) -> None:
    home.write_bytes(b"a file in the way")
    failure_of(capsys, "run", "--quiet")


def test_doctor_finds_nothing_installed_and_says_so_in_json(capsys: Output, tmp_path: Path) -> None:
    status = main(["doctor", "--json", f"--user-library={tmp_path}"])
    findings = json.loads(capsys.readouterr().out)
    assert status == int(any(finding["verdict"] == "bad" for finding in findings))
    assert all(finding["mend"] for finding in findings if finding["verdict"] == "bad")
    assert {finding["verdict"] for finding in findings} <= {"good", "note", "bad"}
