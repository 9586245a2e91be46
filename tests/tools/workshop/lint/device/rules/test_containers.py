"""The rules of containers, on the built device packed anew."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from musearoo.tools.max_simulator.formats.container import Container, DeviceFile, pack, unpack
from musearoo.tools.workshop.lint.device.linter import check_device
from tests.tools.workshop.lint.device.good import BUILT, FOLDER, SMALL_SCRIPT

NAME = BUILT[0]


def _container() -> Container:
    """The built device with a small script, which is quicker to lint."""
    return _last(unpack((FOLDER / NAME).read_bytes()), content=SMALL_SCRIPT)


def _first(container: Container, **changes: object) -> Container:
    files = (replace(container.files[0], **changes), *container.files[1:])  # type: ignore[arg-type]
    return replace(container, files=files)


def _last(container: Container, **changes: object) -> Container:
    files = (*container.files[:-1], replace(container.files[-1], **changes))  # type: ignore[arg-type]
    return replace(container, files=files)


BROKEN: tuple[tuple[str, Callable[[Container], Container]], ...] = (
    ("container-rest", lambda container: replace(container, rest=b"more")),
    ("container-rest", lambda container: _first(container, content=container.files[0].content + b"}\n\0")),
    ("container-rest", lambda container: _first(container, content=container.files[0].content[:-2])),
    ("device-name", lambda container: _first(container, name="Other.amxd")),
    ("file-kind", lambda container: _first(container, flag=0)),
    ("file-kind", lambda container: _last(container, kind="JSON")),
    ("frozen-meta", lambda container: replace(container, meta=1)),
    ("device-kind", lambda container: replace(container, kind="mmmm")),
    (
        "stray-file",
        lambda container: replace(container, files=(*container.files, DeviceFile("a.svg", "svg ", b"<svg/>"))),
    ),
)

RULES_BROKEN = {rule for rule, _ in BROKEN} | {"container"}

ALSO = {"stray-file": {"cache"}}


@pytest.mark.parametrize(("rule", "change"), BROKEN, ids=[rule for rule, _ in BROKEN])
def test_a_broken_container_is_found_by_its_rule(rule: str, change: Callable[[Container], Container]) -> None:
    found = {finding.rule for finding in check_device(pack(change(_container())), NAME)}
    assert rule in found
    assert found <= {rule} | ALSO.get(rule, set())


def test_bytes_that_are_no_device_are_named() -> None:
    assert [str(finding) for finding in check_device(b"not a device", NAME)] == [
        f"{NAME}: byte 0: expected ampf, found b'not '; is this an .amxd file? [container]"
    ]


@pytest.mark.parametrize("cut", [4, 40, 4000])
def test_a_device_that_is_cut_off_is_found(cut: int) -> None:
    found = check_device((FOLDER / NAME).read_bytes()[:-cut], NAME)
    assert [finding.rule for finding in found] == ["container"]
