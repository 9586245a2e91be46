"""The linter: all rules applied to a device, a patcher or a script."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from musearoo.tools.max_simulator.formats.container import ContainerError, unpack
from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.subject import Subject, read_subject
from musearoo.tools.workshop.lint.device.rules import banks as bank_rules
from musearoo.tools.workshop.lint.device.rules import boxes as box_rules
from musearoo.tools.workshop.lint.device.rules import cords as cord_rules
from musearoo.tools.workshop.lint.device.rules import form as form_rules
from musearoo.tools.workshop.lint.device.rules import habits as habit_rules
from musearoo.tools.workshop.lint.device.rules import messages as message_rules
from musearoo.tools.workshop.lint.device.rules import parameters as parameter_rules
from musearoo.tools.workshop.lint.device.rules import places as place_rules
from musearoo.tools.workshop.lint.device.rules import project as device_rules
from musearoo.tools.workshop.lint.device.rules import texts as info_rules
from musearoo.tools.workshop.lint.device.rules import wiring as wiring_rules
from musearoo.tools.workshop.lint.device.script import rules as script

_PATCHER_RULES: tuple[ModuleType, ...] = (
    device_rules,
    box_rules,
    cord_rules,
    place_rules,
    parameter_rules,
    bank_rules,
    info_rules,
    habit_rules,
    wiring_rules,
    message_rules,
    script,
)

RULES: Mapping[str, Rule] = {
    name: rule for module in (form_rules, *_PATCHER_RULES) for name, rule in module.RULES.items()
}
"""Every rule by its name."""

ENDINGS = (".amxd", ".maxpat", ".js")
"""The file types that the linter reads."""


def check_device(content: bytes, name: str) -> list[Finding]:
    """Return the findings of an `.amxd` file: its container, its patcher and its scripts."""
    try:
        container = unpack(content)
        document = {"patcher": container.patcher()}
    except ContainerError as error:
        return [Finding("container", name, str(error))]
    files = {file.name: file.content for file in container.files[1:]} if container.frozen else None
    return check_patcher(document, name, container.kind, files)


def check_patcher(
    document: Mapping[str, Any],
    name: str = "patcher",
    kind: str | None = None,
    files: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    """Return the findings of a patcher's JSON document (`{"patcher": …}`).

    `kind` is the container's four letters, if any; `files` are the frozen dependencies, None if unknown.
    """
    malformed = list(form_rules.check_form(document.get("patcher"), name))
    return malformed or list(check_subject(read_subject(name, document, kind, files)))


def check_subject(subject: Subject) -> Iterator[Finding]:
    """Yield the findings of the rules for patchers and their scripts."""
    for module in _PATCHER_RULES:
        yield from module.check(subject)


def check_file(path: Path) -> list[Finding]:
    """Return the findings of a file, by its extension. Raises ValueError for an unsupported one, OSError."""
    content = path.read_bytes()
    if path.suffix == ".amxd":
        return check_device(content, path.name)
    try:
        text = content.decode("utf-8")
        document = json.loads(text) if path.suffix == ".maxpat" else None
    except ValueError as error:
        return [Finding("container" if path.suffix == ".maxpat" else "script-bytes", path.name, str(error))]
    if path.suffix == ".js":
        return list(script.check_script(text, path.name))
    if path.suffix != ".maxpat":
        raise ValueError(f"{path.name}: the lint reads {', '.join(ENDINGS)}")
    if not isinstance(document, dict) or "patcher" not in document:
        return [Finding("container", path.name, "it holds no patcher")]
    return check_patcher(document, path.name)


def check_files(paths: Iterable[Path], grounds: Iterable[Ground] = tuple(Ground)) -> list[Finding]:
    """Return the findings of the files by the rules with these grounds, file by file."""
    asked = set(grounds)
    return [finding for path in paths for finding in check_file(path) if RULES[finding.rule].ground in asked]
