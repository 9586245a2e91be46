"""Rules that hold between a subpatcher and its box."""

from typing import Any

from musearoo.tools.workshop.lint.device.linter import check_patcher

RECT = [0.0, 0.0, 30.0, 20.0]


def _box(number: int, maxclass: str, inlets: int, types: list[str], **keys: Any) -> dict[str, Any]:
    ports = {"numinlets": inlets, "numoutlets": len(types), **({"outlettype": types} if types else {})}
    return {"box": {"id": f"obj-{number}", "maxclass": maxclass, "patching_rect": RECT, **ports, **keys}}


def _cord(source: int, destination: int) -> dict[str, Any]:
    return {"patchline": {"source": [f"obj-{source}", 0], "destination": [f"obj-{destination}", 0]}}


def _patcher(inlets: int, outlets: int) -> dict[str, Any]:
    """A patcher with a subpatcher of one inlet and one outlet, whose box says that it has so many."""
    inner = {
        "boxes": [_box(1, "inlet", 0, [""], index=1), _box(2, "outlet", 1, [], index=1)],
        "lines": [_cord(1, 2)],
    }
    boxes = [
        _box(1, "newobj", 1, [""], text="prepend a"),
        _box(2, "newobj", inlets, [""] * outlets, text="p inner", patcher=inner),
    ]
    return {"patcher": {"boxes": boxes, "lines": [_cord(1, 2)]}}


def test_a_subpatcher_has_the_ports_of_its_inlets_and_outlets() -> None:
    assert check_patcher(_patcher(1, 1)) == []


def test_a_subpatcher_with_other_ports_is_found() -> None:
    assert [str(finding) for finding in check_patcher(_patcher(2, 1), "a.maxpat")] == [
        "a.maxpat, obj-2 (p): it has 1 inlet and 1 outlet, the file says 2 inlets and 1 outlet [ports]"
    ]


def test_what_is_wrong_inside_is_found_by_its_place() -> None:
    document = _patcher(1, 1)
    document["patcher"]["boxes"][1]["box"]["patcher"]["boxes"][0]["box"]["numoutlets"] = 0
    assert {finding.where for finding in check_patcher(document, "a.maxpat")} == {"a.maxpat, obj-2::obj-1 (inlet)"}


def test_an_abstraction_is_known_where_the_device_brings_it() -> None:
    document = {"patcher": {"boxes": [_box(1, "newobj", 1, [""], text="mine")], "lines": []}}
    assert [finding.rule for finding in check_patcher(document)] == ["unknown-object", "loose-object"]
    document["patcher"]["dependency_cache"] = [{"name": "mine.maxpat"}]
    assert [finding.rule for finding in check_patcher(document)] == ["loose-object"]
