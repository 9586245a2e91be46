"""Rules for the `.amxd` container of a device."""

from collections.abc import Iterator

from musearoo.tools.max_simulator.formats.container import DEVICE_FLAG, FROZEN_META, Container
from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule

RULES = {
    "container": Rule(Ground.STRUCTURE, "a device's container and the JSON within can be read"),
    "container-rest": Rule(Ground.HOUSE, "nothing follows the container's last chunk or its patcher"),
    "device-name": Rule(Ground.HOUSE, "the device in a frozen container is called as its file is"),
    "file-kind": Rule(Ground.HOUSE, "each frozen file has the letters and the flag of its kind"),
    "frozen-meta": Rule(Ground.HOUSE, "a frozen container says that it is one as Max 9 does"),
}

_KINDS = {".js": "TEXT", ".txt": "TEXT", ".json": "JSON", ".maxpat": "JSON", ".amxd": "JSON", ".svg": "svg "}


def check(container: Container, name: str) -> Iterator[Finding]:
    """Yield the findings for a readable container. `name` is its file's."""
    if container.rest:
        yield Finding("container-rest", name, f"{len(container.rest)} bytes follow its last chunk")
    text = container.files[0].content
    if not text.endswith(b"\n\0") or b"\0" in text[:-1]:
        yield Finding("container-rest", name, "its patcher does not end in a new line and one NUL")
    if not container.frozen:
        return
    if container.meta != FROZEN_META:
        yield Finding("frozen-meta", name, f"its meta chunk holds {container.meta}, not {FROZEN_META}")
    if container.files[0].name != name:
        yield Finding("device-name", name, f"the device in it is called {container.files[0].name}")
    for number, file in enumerate(container.files):
        ending = file.name[file.name.rfind(".") :] if "." in file.name else ""
        flag = DEVICE_FLAG if number == 0 else 0
        if file.flag != flag:
            yield Finding("file-kind", f"{name}, {file.name}", f"its flag is {file.flag:#x}, not {flag:#x}")
        if file.kind != _KINDS.get(ending, file.kind):
            sentence = f"its kind is “{file.kind}”, that of *{ending} is “{_KINDS[ending]}”"
            yield Finding("file-kind", f"{name}, {file.name}", sentence)
