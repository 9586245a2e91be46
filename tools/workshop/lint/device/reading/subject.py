"""The subject of a lint run: a device or a patcher with its dependencies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from musearoo.tools.workshop.lint.device.reading.findings import Finding
from musearoo.tools.workshop.lint.device.reading.patch import Box, Json, Patch, read_patches

AUDIO_EFFECT, MIDI_EFFECT = "aaaa", "mmmm"


@dataclass(frozen=True, slots=True)
class Subject:
    """A parsed patcher; `kind` is its container's four letters, None outside a container.

    `files` are the frozen dependencies by name, None if unknown.
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
        """Whether it is a Max for Live device and not a plain patcher."""
        return self.kind is not None or "amxdtype" in dict(self.patcher.get("project", {}))

    def boxes(self) -> Iterator[Box]:
        """Yield all boxes, including those of subpatchers."""
        for patch in self.patches:
            yield from patch.boxes

    def face(self) -> tuple[Box, ...]:
        """The visible boxes of the device, front to back, without the contents of bpatchers, which are clipped."""
        return tuple(box for box in self.top.boxes if box.shown)

    def finding(self, rule: str, box: Box | None, sentence: str) -> Finding:
        """Return a finding about a box, or about the whole."""
        return Finding(rule, f"{self.name}, {box.title}" if box else self.name, sentence)


def read_subject(
    name: str, document: Mapping[str, Any], kind: str | None = None, files: Mapping[str, bytes] | None = None
) -> Subject:
    """Return the subject of a patcher's JSON document (`{"patcher": …}`)."""
    patcher = document["patcher"]
    return Subject(name, patcher, tuple(read_patches(patcher)), kind, files)
