"""The rules of containers, on the built device packed anew."""

from dataclasses import replace

from musearoo.tools.max_simulator.formats.container import Container, DeviceFile, pack, unpack
from musearoo.tools.workshop.lint.device.linter import check_device
from tests.each_case import each_case
from tests.tools.workshop.lint.device.good import BUILT, FOLDER, SMALL_SCRIPT

NAME = BUILT[0]


def _container() -> Container:
    """The built device with a small script, which is quicker to lint."""
    return _last(unpack((FOLDER / NAME).read_bytes()), content=SMALL_SCRIPT)


def _last(container: Container, **changes: object) -> Container:
    files = (*container.files[:-1], replace(container.files[-1], **changes))  # type: ignore[arg-type]
    return replace(container, files=files)


RULES_BROKEN = {"device-kind", "stray-file", "container"}


def test_a_container_of_another_kind_is_found() -> None:
    found = check_device(pack(replace(_container(), kind="mmmm")), NAME)
    assert [finding.rule for finding in found] == ["device-kind"]


def test_a_file_that_no_box_names_is_found() -> None:
    container = _container()
    files = (*container.files, DeviceFile("a.svg", "svg ", b"<svg/>"))
    assert [finding.rule for finding in check_device(pack(replace(container, files=files)), NAME)] == ["stray-file"]


def test_bytes_that_are_no_device_are_named() -> None:
    assert [str(finding) for finding in check_device(b"not a device", NAME)] == [
        f"{NAME}: byte 0: expected ampf, found b'not '; is this an .amxd file? [container]"
    ]


@each_case("cut", [4, 40, 4000])
def test_a_device_that_is_cut_off_is_found(cut: int) -> None:
    found = check_device((FOLDER / NAME).read_bytes()[:-cut], NAME)
    assert [finding.rule for finding in found] == ["container"]
