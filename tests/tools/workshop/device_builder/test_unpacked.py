"""A container as a folder, there and back, through the command line too."""

from pathlib import Path

import pytest

from musearoo.tools.max_simulator.formats.container import Container, ContainerError, DeviceFile, pack
from musearoo.tools.workshop.device_builder.__main__ import main
from musearoo.tools.workshop.device_builder.unpacked import LIST, read_folder, write_folder
from tests.tools.max_simulator.formats.test_container import FROZEN, UNFROZEN


@pytest.mark.parametrize(
    "container", [UNFROZEN, FROZEN, Container("aaaa", (*FROZEN.files, FROZEN.files[1]), True, None, b"left", b"\r\n")]
)
def test_a_folder_gives_the_same_container(container: Container, tmp_path: Path) -> None:
    write_folder(container, tmp_path / "device")
    assert read_folder(tmp_path / "device") == container


def test_the_command_line_gives_the_same_bytes(tmp_path: Path) -> None:
    before, folder, after = tmp_path / "before.amxd", tmp_path / "folder", tmp_path / "after.amxd"
    before.write_bytes(pack(FROZEN))
    assert main(["unpack", str(before), str(folder)]) == 0
    assert (folder / "a.js").read_bytes() == b"outlets = 1;\n"
    assert main(["pack", str(folder), str(after)]) == 0
    assert after.read_bytes() == before.read_bytes()


def test_no_file_is_written_outside_the_folder(tmp_path: Path) -> None:
    for name in ("../a.js", "/a.js", "..", LIST):
        with pytest.raises(ContainerError, match="is not written"):
            write_folder(Container("aaaa", (DeviceFile(name, "TEXT", b""),), True, 7), tmp_path)


def test_a_folder_without_a_list_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", str(tmp_path), str(tmp_path / "out.amxd")]) == 2
    assert "is a folder that unpack wrote" in capsys.readouterr().err.replace("is " + str(tmp_path), "is")
    (tmp_path / LIST).write_text('{"kind": "aaaa"}')
    with pytest.raises(ContainerError, match="not a list that unpack wrote"):
        read_folder(tmp_path)
    assert main(["unpack", str(tmp_path / LIST), str(tmp_path / "x")]) == 2
    assert "is this an .amxd file" in capsys.readouterr().err
