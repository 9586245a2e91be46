"""Write `objects.json`: Max's objects with their ports and attributes, learned from files that Max saved.

python -m musearoo.tools.workshop.lint.device.reading.learn_objects --maxdiff FOLDER --reference bundle.json FOLDER

The last FOLDER contains devices and patchers of public repositories, one folder per repository, saved by Max and not by
programs that imitate it. maxdiff (Ableton/maxdevtools) provides `known_objects.py`, every object as Max 8 creates it
without arguments, and `object_aliases.py`. The reference is py2max's `maxref/data/bundle.json.gz`, unpacked: Max's
reference pages, with the names of objects, attributes and messages.
"""

import argparse
import ast
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from musearoo.tools.max_simulator.formats.container import ContainerError, unpack
from musearoo.tools.workshop.lint.device.reading.patch import Box, read_patches
from musearoo.tools.workshop.lint.device.reading.ports import FROM_A_SCRIPT, FROM_WITHIN, RULES, Ports, computed_ports

TABLE = Path(__file__).parent / "objects.json"

ENDINGS = (".amxd", ".maxpat", ".maxhelp")

_COMMON_IN = 25
"""A key of boxes in at least this many classes is common to all boxes (`hidden`, `fontsize`), not specific to an
object.
"""

_THEME = "themecolor."

_COMMON_BOX = frozenset(
    {"annotation", "background", "hint", "jspainterfile", "prototypename", "valuepopup", "valuepopuplabel"}
)
"""Attributes of all boxes in the reference that files seldom contain."""

_CHANNELS = ("mc.", "mcp")
"""Multichannel objects: maxdiff lists them under the plain name, which has other ports."""

_UNWRITTEN = {"live.path": {"bang"}, "live.object": {"bang"}}
"""Messages that are missing in the reference but used by devices of many makers."""

_ALSO = frozenset({"node.script"})
"""Max's own objects in neither of the two lists, so that the linter can check them."""

Saved = tuple[int, int, tuple[str, ...]]


class Evidence:
    """Statistics of Max's objects, file by file."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self.aliases = aliases
        self.files = 0
        self.repositories: set[str] = set()
        self.ports: defaultdict[str, defaultdict[int, set[Saved]]] = defaultdict(lambda: defaultdict(set))
        self.computed: Counter[tuple[str, bool]] = Counter()
        self.faces: set[str] = set()
        self.attributes: defaultdict[str, set[str]] = defaultdict(set)
        self.parameter_keys: set[str] = set()
        self.patcher_keys: set[str] = set()
        self.cord_keys: set[str] = set()
        self.theme_colours: set[str] = set()

    def see_patcher(self, patcher: Mapping[str, Any]) -> None:
        """Count one whole document."""
        self.files += 1
        for patch in read_patches(patcher):
            self.patcher_keys.update(patch.data)
            self.cord_keys.update(key for line in patch.data.get("lines", ()) for key in line["patchline"])
            for box in patch.boxes:
                self.see_box(box)

    def see_box(self, box: Box) -> None:
        """Count one box: its ports by the number of its arguments, its keys and theme colours."""
        data = box.data
        name = self.aliases.get(box.name, box.name)
        ports = saved_ports(box)
        if name in RULES:
            self.computed[name, allowed(name, box, ports)] += 1
        elif name not in FROM_WITHIN | FROM_A_SCRIPT:
            self.ports[name][len(box.arguments)].add((ports.inlets, ports.outlets, ports.types))
        if not box.is_typed:
            self.faces.add(name)
        self.attributes[name].update(data)
        self.attributes[name].update(attribute for attribute, _ in box.typed)
        self.attributes[name].update(data.get("saved_object_attributes", {}))
        for attribute, saved in data.get("saved_attribute_attributes", {}).items():
            if attribute == "valueof":
                self.parameter_keys.update(saved)
            else:
                self.attributes[name].add(attribute)
                self.theme_colours.update(_theme_colours(saved))


def learn(folder: Path, maxdiff: Path, reference: Path, without: str = "") -> dict[str, Any]:
    """Return the whole table as JSON data. `without` excludes one repository, to test the table on unseen files."""
    pages = json.loads(reference.read_text("utf-8"))["objects"]
    listing = next(iter(read_patches(_literal(maxdiff / "known_objects.py"))))
    aliases = find_aliases(_literal(maxdiff / "object_aliases.py"), listing.boxes, pages)
    names = ({box.name for box in listing.boxes} | set(pages) | _ALSO) - set(aliases)
    seen = Evidence(aliases)
    for box in listing.boxes:
        seen.see_box(box)
    for path in sorted(folder.rglob("*")):
        repository = path.relative_to(folder).parts[0]
        if path.suffix in ENDINGS and repository != without:
            for patcher in patchers_of(path):
                seen.see_patcher(patcher)
                seen.repositories.add(repository)
    return _table(seen, names, pages)


def find_aliases(named: Mapping[str, str], listing: Iterable[Box], pages: Iterable[str]) -> dict[str, str]:
    """Return the short names of objects (`t`, `p`, `*~`) and what they stand for, except those that are objects
    themselves.
    """
    ports = {box.name: saved_ports(box) for box in listing}
    known = set(ports) | set(pages)
    return {
        alias: name
        for alias, name in named.items()
        if name in known
        and alias != name
        and alias[:3] not in _CHANNELS
        and ports.get(alias) in (None, ports.get(name))
    }


def saved_ports(box: Box) -> Ports:
    """Return the ports as stored in the file."""
    return Ports(box.data["numinlets"], box.data["numoutlets"], tuple(box.data.get("outlettype", ())))


def allowed(name: str, box: Box, ports: Ports) -> bool:
    """Return whether the object's rule allows these ports for the box's arguments."""
    channels = int(dict(box.typed).get("chans", ("0",))[0])
    return any(due.allows(ports) for due in computed_ports(name, box.arguments, channels))


def _literal(path: Path) -> dict[str, Any]:
    """Return the only dictionary in a module of maxdiff."""
    value: dict[str, Any] = ast.literal_eval(path.read_text("utf-8").split(" = ", 1)[1])
    return value


def patchers_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the patchers in a Max file; none if it is encrypted or broken."""
    content = path.read_bytes()
    try:
        files = unpack(content).files if path.suffix == ".amxd" else ()
    except ContainerError:
        return
    for text in [file.content for file in files] or [content]:
        try:
            document, _ = json.JSONDecoder().raw_decode(text.decode("utf-8").lstrip())
        except ValueError:
            continue
        if isinstance(document, dict) and "patcher" in document:
            yield document["patcher"]


def _theme_colours(saved: Mapping[str, Any]) -> Iterator[str]:
    expression = str(saved.get("expression", ""))
    if expression.startswith(_THEME):
        yield expression.removeprefix(_THEME)


def _table(seen: Evidence, names: Iterable[str], pages: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    classes_of = Counter(attribute for attributes in seen.attributes.values() for attribute in attributes)
    common = {attribute for attribute, classes in classes_of.items() if classes >= _COMMON_IN} | _COMMON_BOX
    objects: dict[str, Any] = {}
    for name in sorted(names):
        page = pages.get(name, {"attributes": (), "methods": ()})
        ports = {str(count): sorted(found) for count, found in sorted(seen.ports.get(name, {}).items())}
        if len(ports) > 1 and len({repr(found) for found in ports.values()}) == 1:
            ports = {"any": next(iter(ports.values()))}
        objects[name] = {
            "ports": ports,
            "face": int(name in seen.faces),
            "attributes": sorted((seen.attributes.get(name, set()) | set(page["attributes"])) - common),
            "messages": sorted(word for word in set(page["methods"]) | _UNWRITTEN.get(name, set()) if word[0] != "("),
        }
    return {
        "by": "tools/workshop/lint/device/reading/learn_objects.py",
        "files": seen.files,
        "repositories": sorted(seen.repositories),
        "computed": {name: [seen.computed[name, True], seen.computed[name, False]] for name in sorted(RULES)},
        "aliases": dict(sorted(seen.aliases.items())),
        "common": sorted(common),
        "parameter_keys": sorted(seen.parameter_keys),
        "patcher_keys": sorted(seen.patcher_keys),
        "cord_keys": sorted(seen.cord_keys),
        "theme_colours": sorted(seen.theme_colours),
        "objects": objects,
    }


def write(table: Mapping[str, Any]) -> str:
    """Return the table as text, one object per line."""
    head = {key: value for key, value in table.items() if key != "objects"}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    objects = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in table["objects"].items()]
    return "{\n" + ",\n".join(lines) + ',\n"objects": {\n' + ",\n".join(objects) + "\n}\n}\n"


def main() -> None:
    """Learn and write the table."""
    parser = argparse.ArgumentParser(description="Writes the table of Max's objects for the lint.")
    parser.add_argument("--maxdiff", type=Path, required=True, help="the folder of Ableton's maxdiff")
    parser.add_argument("--reference", type=Path, required=True, help="py2max's reference pages as JSON")
    parser.add_argument("folder", type=Path, help="devices and patchers that Max saved, a folder a repository")
    options = parser.parse_args()
    table = learn(options.folder, options.maxdiff, options.reference)
    TABLE.write_text(write(table), "utf-8", newline="\n")
    print(
        f"{len(table['objects'])} objects from {table['files']} patchers of {len(table['repositories'])} repositories"
    )


if __name__ == "__main__":
    main()
