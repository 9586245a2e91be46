"""Rules for the device as a whole: its size, its project, and the files in its container."""

from collections.abc import Iterator

from musearoo.max_for_live.table.records import HEIGHT
from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.reading.objects import class_of, table
from musearoo.tools.workshop.lint.device.reading.patch import Box
from musearoo.tools.workshop.lint.device.reading.ports import FROM_A_SCRIPT
from musearoo.tools.workshop.lint.device.reading.subject import Subject

RULES = {
    "patcher-key": Rule(Ground.STRUCTURE, "a patcher has only keys that Max knows"),
    "project": Rule(Ground.HOUSE, "a device has a project, which says what kind it is"),
    "device-kind": Rule(Ground.STRUCTURE, "the project says the same kind as the container"),
    "presentation": Rule(Ground.GUIDELINE, "a device opens in its presentation"),
    "device-size": Rule(Ground.HOUSE, "a device is as wide as the window it opens in, and as high as Live shows"),
    "not-frozen": Rule(Ground.GUIDELINE, "a device that needs files has them frozen inside"),
    "missing-file": Rule(Ground.GUIDELINE, "every file that the patcher names is in the container"),
    "external": Rule(Ground.HOUSE, "no external travels with the device: it would run on some machines alone"),
    "stray-file": Rule(Ground.HOUSE, "every file in the container is named by the patcher"),
}

_NO_TYPE = (0, 0x20202020)
"""Nothing, or four blanks: the type of a project that is not a device's."""

_SCRIPTS = FROM_A_SCRIPT - {"mxj", "mxj~"}

_EXTERNALS = (".mxo", ".mxe", ".mxe64", ".jar", ".dll", ".dylib")

_FILE_KEYS = ("filename", "name", "pic", "embedfilename")
_PICTURE_KEYS = ("pictures",)
_NO_PICTURE = "<none>"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield the findings for a patcher's frame and its files."""
    for patch in subject.patches:
        for key in patch.data:
            if key not in table().patcher_keys:
                yield subject.finding("patcher-key", None, f"a patcher has no {key}; Max leaves it out")
    if not subject.is_device:
        return
    yield from _frame(subject)
    yield from _files(subject)


def _frame(subject: Subject) -> Iterator[Finding]:
    patcher = subject.patcher
    project = dict(patcher.get("project", {}))
    if project.get("amxdtype", 0) in _NO_TYPE:
        yield subject.finding("project", None, "it has no project with an amxdtype: Live cannot say what kind it is")
    else:
        letters = int(project["amxdtype"]).to_bytes(4, "big").decode("ascii", "replace")
        if subject.kind is not None and letters != subject.kind:
            yield subject.finding("device-kind", None, f"its amxdtype means {letters}, its container {subject.kind}")
    if not patcher.get("openinpresentation"):
        yield subject.finding("presentation", None, "openinpresentation is not 1: Live shows its inside")
    opened, width = patcher.get("openrect", (0, 0, 0, 0)), float(patcher.get("devicewidth", 0.0))
    if float(opened[2]) != width or float(opened[3]) != HEIGHT or width <= 0:
        sentence = f"devicewidth is {width:g} and openrect {list(opened)}, not [0, 0, {width:g}, {HEIGHT}]"
        yield subject.finding("device-size", None, sentence)


def needed_files(subject: Subject) -> dict[str, Box]:
    """Return the files named by the patcher's boxes, with the first box for each."""
    needed: dict[str, Box] = {}
    for box in subject.boxes():
        for name in _named_files(box):
            needed.setdefault(name, box)
    return needed


def script_of(box: Box) -> str:
    """Return the file of the script that a box runs; empty for none."""
    if class_of(box) not in _SCRIPTS or not box.is_typed or not box.arguments:
        return ""
    file = box.arguments[0]
    # A number is the number of outlets of a script without a file.
    if file.isdecimal():
        return ""
    return file if "." in file else f"{file}.js"


def _named_files(box: Box) -> Iterator[str]:
    script = script_of(box)
    if script:
        yield script
    # An embedded bpatcher keeps the name of its former file.
    for key in _FILE_KEYS if "patcher" not in box.data else ():
        file = box.data.get(key)
        if isinstance(file, str) and "." in file:
            yield file
    for key in _PICTURE_KEYS:
        for file in box.data.get(key, ()) if isinstance(box.data.get(key), list) else ():
            if file and file != _NO_PICTURE:
                yield str(file)


def _files(subject: Subject) -> Iterator[Finding]:
    needed = needed_files(subject)
    if subject.files is None:
        if needed:
            yield subject.finding("not-frozen", None, f"it needs {', '.join(needed)}, which it does not bring")
        return
    for name, box in needed.items():
        if name not in subject.files:
            yield subject.finding("missing-file", box, f"it names {name}, which is not in the container")
    inside = set(subject.files)
    used = set(needed) | {f"{box.name}.maxpat" for box in subject.boxes()}
    for name in sorted(inside):
        if name.endswith(_EXTERNALS):
            yield subject.finding("external", None, f"{name} is an external in its container")
    for name in sorted(inside - used):
        yield subject.finding("stray-file", None, f"no box names {name}, but the container has it")
