"""What is linted: a device or a patcher with the files that travel with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from musearoo.tools.workshop.lint.device.reading.findings import Finding
from musearoo.tools.workshop.lint.device.reading.patch import Box, Json, Patch, read_patches

AUDIO_EFFECT, MIDI_EFFECT = "aaaa", "mmmm"


@dataclass(frozen=True, slots=True)
class Subject:
    """A patcher, read; `kind` is its container's four letters, None outside of one.

    `files` are the frozen dependencies by name, None where nothing is known of them.
    """

    name: str
    patcher: Json
    patches: tuple[Patch, ...]
    kind: str | None = None
    files: Mapping[str, bytes] | None = None

    @property
    def top(self) -> Patch:
        """The device's own patcher."""
        return self.patches[0]

    @property
    def is_device(self) -> bool:
        """Whether it is a Max for Live device and no plain patcher."""
        return self.kind is not None or "amxdtype" in dict(self.patcher.get("project", {}))

    def boxes(self) -> Iterator[Box]:
        """All boxes, those of subpatchers too."""
        for patch in self.patches:
            yield from patch.boxes

    def face(self) -> tuple[Box, ...]:
        """The boxes that the device shows, front to back, without what is inside of bpatchers: they clip it."""
        return tuple(box for box in self.top.boxes if box.shown)

    def finding(self, rule: str, box: Box | None, sentence: str) -> Finding:
        """A finding about a box, or about the whole."""
        return Finding(rule, f"{self.name}, {box.title}" if box else self.name, sentence)


def read_subject(
    name: str, document: Mapping[str, Any], kind: str | None = None, files: Mapping[str, bytes] | None = None
) -> Subject:
    """The subject that a patcher's JSON document (`{"patcher": …}`) makes."""
    patcher = document["patcher"]
    return Subject(name, patcher, tuple(read_patches(patcher)), kind, files)
