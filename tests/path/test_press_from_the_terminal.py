"""The button in the terminal: what a musician has until there is the device."""

from pathlib import Path

import pytest

from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.tools.studio import press
from musearoo.tools.studio.processes import Studio


def test_a_press_from_the_terminal_becomes_a_clip(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(studio.home))
    assert press.main(["drums", "--style", "funk", "--bars", "2", "--track", "2", "--scene", "3"]) == 0
    slot = "song.tracks[1].clip_slots[2]"
    notes = studio.live.call(f"{slot}.clip.get_all_notes_extended")
    assert f"on track 2, scene 3: {len(notes)} notes" in capsys.readouterr().out
    studio.live.undo()
    assert studio.live.get(f"{slot}.has_clip") is False


def test_analyse_from_the_terminal_reads_a_clip_and_writes_what_was_asked_for(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(studio.home))
    assert press.main(["drums", "--style", "funk", "--bars", "2", "--track", "2", "--scene", "3"]) == 0
    capsys.readouterr()
    place = ["--track", "2", "--scene", "3"]
    assert press.main(["analyse", *place]) == 0
    said = capsys.readouterr().out
    assert "120 BPM" in said
    assert "written" not in said
    assert press.main(["analyse", *place, "--write", "name, tempo"]) == 0
    assert "written into the set" in capsys.readouterr().out
    assert "120 BPM" in studio.live.get("song.tracks[1].clip_slots[2].clip.name")
    studio.live.undo()
    studio.live.undo()
    with pytest.raises(SystemExit, match="2"):
        press.main(["analyse", *place, "--write", "colour"])


def test_each_button_has_backends_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    for button, backend in (("split", "sketch"), ("imagine", "dsp"), ("drums", "dsp")):
        with pytest.raises(SystemExit, match="2"):
            press.main([button, "--backend", backend])
        assert f"--backend of {button} must be " in capsys.readouterr().err


def test_what_fails_is_one_line(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for home, arguments, words in (
        (studio.home, ["kazoo"], "kazoo"),
        (studio.home, ["drums", "--track", "77"], "Track 77"),
        (tmp_path, ["drums"], "musearoo run"),
    ):
        monkeypatch.setenv(HOME_VARIABLE, str(home))
        assert press.main(arguments) == 1
        said = capsys.readouterr().err
        assert words in said
        assert len(said.splitlines()) == 1
