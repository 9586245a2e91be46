"""What an edition of Live has in its browser, from `content.json`, which tells where its names were read."""

from __future__ import annotations

import functools
import json
import os
from typing import Any, Iterable

from musearoo.tools.live_simulator.program.browser.items import Load, Node

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "content.json")
FACTORY = "Factory Packs/Core Library"

ROOTS = {
    "sounds": ("Sounds", "query:Sounds"),
    "drums": ("Drums", "query:Drums"),
    "instruments": ("Instruments", "query:Synths"),
    "audio_effects": ("Audio Effects", "query:AudioFx"),
    "midi_effects": ("MIDI Effects", "query:MidiFx"),
    "max_for_live": ("Max for Live", "query:M4L"),
    "plugins": ("Plug-Ins", "query:Plugins"),
    "clips": ("Clips", "query:Clips"),
    "samples": ("Samples", "query:Samples"),
    "packs": ("Packs", "query:LivePacks"),
    "current_project": ("Current Project", "query:CurrentProject"),
}
"""The places of the browser, each with its name and its address."""


@functools.lru_cache(maxsize=None)
def read_content() -> Any:
    """Return the table: devices, presets, samples, folders, pads and the editions, the smallest first."""
    with open(TABLE, encoding="utf-8") as file:
        return json.load(file)


MAX_FOLDERS = ("Max Audio Effect", "Max Instrument", "Max MIDI Effect")
EDITIONS = ("Lite", "Intro", "Standard", "Suite")


class Content:
    """The content of one edition of one Live version."""

    def __init__(self, edition: str, version: tuple[int, ...]) -> None:
        if edition not in EDITIONS:
            raise ValueError(f"no edition {edition!r}: choose one of {', '.join(EDITIONS)}")
        table = read_content()
        level = EDITIONS.index(edition)

        def is_there(entry: Any) -> bool:
            since = tuple(int(part) for part in entry["since"].split("."))
            return EDITIONS.index(entry["from_edition"]) <= level and since <= version

        self._pads = table["pads"]
        self._folders = table["folders"]
        self._samples = table["samples"]
        self._devices = [entry for entry in table["devices"] if is_there(entry)]
        names = {entry["name"] for entry in self._devices}
        self._presets = [entry for entry in table["presets"] if is_there(entry) and entry["device"] in names]

    @property
    def devices(self) -> frozenset[str]:
        """The names of all devices."""
        return frozenset(entry["name"] for entry in self._devices)

    @property
    def sounding_devices(self) -> frozenset[str]:
        """The instruments that sound as soon as they are inserted."""
        return frozenset(entry["name"] for entry in self._devices if entry.get("sounds_when_inserted"))

    @property
    def presets(self) -> frozenset[str]:
        """The names of all kits and presets, without their endings."""
        return frozenset(os.path.splitext(entry["name"])[0] for entry in self._presets)

    def root(self, place: str) -> Node:
        """Return the root of a place of the browser."""
        name, uri = ROOTS[place]
        children = {
            "sounds": lambda: self._sounds(uri),
            "drums": lambda: self._drums(uri),
            "instruments": lambda: self._device_nodes("instruments", uri),
            "audio_effects": lambda: self._device_nodes("audio_effects", uri),
            "midi_effects": lambda: self._device_nodes("midi_effects", uri),
            "max_for_live": lambda: [
                _folder(each, uri) for each in ("Max Audio Effect", "Max Instrument", "Max MIDI Effect")
            ],
            "packs": lambda: [_folder("Core Library", uri)],
        }.get(place, tuple)
        return Node(name, uri, FACTORY, children=children, is_folder=True)

    def _sounds(self, uri: str) -> list[Node]:
        return [
            _folder(name, uri, [self._preset(entry, uri) for entry in self._presets if entry["folder"] == [name]])
            for name in self._folders["sounds"]
        ]

    def _drums(self, uri: str) -> list[Node]:
        kinds = sorted({kind for kind, _ in self._samples})
        hits = [
            _folder(kind, uri, [_sample(name, uri) for each, name in self._samples if each == kind]) for kind in kinds
        ]
        kits = [self._preset(entry, uri) for entry in self._presets if entry["root"] == "drums"]
        rack = [node for node in self._device_nodes("instruments", uri) if node.name == "Drum Rack"]
        return [_folder("Drum Hits", uri, hits), *rack, *kits]

    def _device_nodes(self, place: str, uri: str) -> list[Node]:
        nodes = []
        for entry in self._devices:
            if entry["root"] != place:
                continue
            name = entry["name"]
            own = [preset for preset in self._presets if preset["device"] == name]
            address = "{}#{}".format(uri, name.replace(" ", "%20"))
            nodes.append(
                Node(
                    name=name,
                    uri=address,
                    source=FACTORY,
                    children=functools.partial(self._preset_nodes, own, address),
                    is_device=True,
                    load=Load(device=name),
                )
            )
        return nodes

    def _preset_nodes(self, presets: Iterable[Any], uri: str) -> list[Node]:
        return [self._preset(entry, uri) for entry in presets]

    def _preset(self, entry: Any, uri: str) -> Node:
        pads = tuple((note, name, choke) for note, name, choke in self._pads.get(entry.get("pads"), ()))
        preset = os.path.splitext(entry["name"])[0]
        address = "{}#{}".format(uri, entry["name"].replace(" ", "%20"))
        return Node(entry["name"], address, FACTORY, load=Load(device=entry["device"], preset=preset, pads=pads))


def _folder(name: str, uri: str, children: Iterable[Node] = ()) -> Node:
    found = tuple(children)
    return Node(name, "{}#{}".format(uri, name.replace(" ", "%20")), FACTORY, children=lambda: found, is_folder=True)


def _sample(name: str, uri: str) -> Node:
    return Node(name, "{}#{}".format(uri, name.replace(" ", "%20")), FACTORY, load=Load())
