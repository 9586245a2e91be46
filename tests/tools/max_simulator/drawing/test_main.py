"""The command that draws a device's file."""

import json
from pathlib import Path

import pytest

from musearoo.tools.max_simulator.drawing.__main__ import main
from musearoo.tools.max_simulator.drawing.measures import low_contrasts, near_misses, text_overflows
from tests.each_case import each_case
from tests.tools.max_simulator.drawing.faces import face, size_of, toggle

DEVICES = Path(__file__).parents[4] / "max_for_live"


@pytest.mark.parametrize("name", ["MuseAroo", "MuseAroo MIDI"])
def test_the_built_devices_are_drawn_from_their_containers(name: str, tmp_path: Path) -> None:
    assert main([str(DEVICES / f"{name}.amxd"), str(tmp_path / "face.png"), "--scale", "1"]) == 0
    assert size_of(tmp_path / "face.png")[0] > 400


@each_case("name", ["MuseAroo", "MuseAroo MIDI"])
def test_the_built_devices_are_readable_and_in_line(name: str) -> None:
    patcher = json.loads((DEVICES / f"{name}.maxpat").read_text("utf-8"))
    assert [str(found) for found in (*text_overflows(patcher), *low_contrasts(patcher), *near_misses(patcher))] == []


def test_values_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.maxpat").write_text(json.dumps(face(toggle())), "utf-8")
    pictures = []
    for value in (0, 1):
        (tmp_path / "values.json").write_text(json.dumps({"auto": value}), "utf-8")
        command = [str(tmp_path / "a.maxpat"), str(tmp_path / "a.png"), "--theme", "dark", "--scale", "1"]
        assert main([*command, "--values", str(tmp_path / "values.json")]) == 0
        pictures.append((tmp_path / "a.png").read_bytes())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize(
    ("content", "message"), [("{", "Expecting property name"), (json.dumps({"boxes": []}), "no devicewidth")]
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.maxpat").write_text(content, "utf-8")
    assert main([str(tmp_path / "a.maxpat"), str(tmp_path / "a.png")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()
