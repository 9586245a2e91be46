"""The order of messages and the objects that pass them on."""

from collections.abc import Sequence
from typing import Any

from tests.tools.max_simulator.patches import NOTE, box, load
from tools.max_simulator.atoms import Atom


def hear(*boxes: dict[str, Any], cords: Sequence[str] = (), send: tuple[str, str, tuple[Atom, ...]]) -> list[Any]:
    device = load(
        [*boxes, box("js", "js note.js"), box("out", "udpsend 127.0.0.1 9000"), box("slash", "prepend /n")],
        [*cords, "js -> slash", "slash -> out"],
        scripts={"note.js": NOTE},
    )
    device.object(send[0]).receive(0, *send[1:])
    assert device.errors == []
    return [row[2:] for row in device.sent]


def test_smoke() -> None:
    heard = hear(box("p", "prepend drums"), cords=["p -> js"], send=("p", "int", (1,)))
    assert heard == [("drums", 1)]
