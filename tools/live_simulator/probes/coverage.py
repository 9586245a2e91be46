"""Count what the simulator behaves of the API of a real Live: `python -m … .probes.coverage [--profile V] [--json]`.

A member is covered when an object of the simulated set has it: a property that can be read, a method that does
something, a listener that can be connected, a setter that changes the set. What is left out on purpose is named with
its reason in `core/not_simulated.py`; everything else that is missing is listed.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Iterator, NamedTuple

from musearoo.tools.live_simulator.core.clock import ManualClock
from musearoo.tools.live_simulator.core.not_simulated import REASONS
from musearoo.tools.live_simulator.core.objects import NotSimulatedError
from musearoo.tools.live_simulator.core.shapes import NEWEST, PROFILES, ClassShape
from musearoo.tools.live_simulator.program.simulator import MODELS, Simulator

CORE_MODULES = (
    *("Application", "Browser", "Chain", "Clip", "ClipSlot", "CuePoint", "Device", "DeviceParameter", "DrumPad"),
    *("Groove", "MidiMap", "MixerDevice", "Scene", "Song", "Track"),
)
"""The modules that most scripts use; CuePoint is a class of Song."""

KINDS = ("properties", "methods", "listeners", "setters")


class Row(NamedTuple):
    """One kind of member of one module: how many a real Live has, and the names of those that are missing here.

    `refused` are the missing ones that are left out on purpose.
    """

    module: str
    kind: str
    total: int
    missing: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def covered(self) -> int:
        """How many behave."""
        return self.total - len(self.missing) - len(self.refused)


def sample_objects(live: Simulator) -> dict[str, Any]:
    """Return a handle of every class that has a model, by its path, from a set made for that."""
    song: Any = live.song
    model: Any = live.song_model
    song.tracks[0].clip_slots[0].create_clip(4.0)
    song.set_or_delete_cue()
    # By the model, for a script can insert devices from 12.3 on only.
    for name in ("EQ Eight", "Audio Effect Rack", "Drum Rack"):
        model.tracks[0].insert_device(name)
    model.tracks[0].insert_max_device("MuseAroo", "audio")
    model.tracks[0].devices[2].fill({36: ("Kick", 0)})
    model.groove_pool.add("Swing 16ths 57")
    track = song.tracks[0]
    drums = track.devices[2]
    samples = {
        "Application.Application": live.application,
        "Application.Application.View": live.application.view,
        "Browser.Browser": live.application.browser,
        "Chain.Chain": track.devices[1].chains[0],
        "ChainMixerDevice.ChainMixerDevice": track.devices[1].chains[0].mixer_device,
        "Clip.Clip": track.clip_slots[0].clip,
        "Clip.Clip.View": track.clip_slots[0].clip.view,
        "ClipSlot.ClipSlot": track.clip_slots[0],
        "Device.Device": track.devices[0],
        "Device.Device.View": track.devices[0].view,
        "DeviceParameter.DeviceParameter": track.mixer_device.volume,
        "DrumChain.DrumChain": drums.chains[0],
        "DrumPad.DrumPad": drums.drum_pads[36],
        "Groove.Groove": song.groove_pool.grooves[0],
        "GroovePool.GroovePool": song.groove_pool,
        "MaxDevice.MaxDevice": track.devices[3],
        "MixerDevice.MixerDevice": song.master_track.mixer_device,
        "RackDevice.RackDevice": drums,
        "RackDevice.RackDevice.View": drums.view,
        "Scene.Scene": song.scenes[0],
        "Song.CuePoint": song.cue_points[0],
        "Song.Song": song,
        "Song.Song.View": song.view,
        "Track.Track": track,
        "Track.Track.View": track.view,
    }
    # A class of its own module from Live 12.2 on.
    path = "Envelope.Envelope" if "Envelope" in live.shape.modules else "Clip.AutomationEnvelope"
    samples[path] = track.clip_slots[0].clip.create_automation_envelope(track.mixer_device.volume)
    return samples


def measure(profile: str) -> list[Row]:
    """Return the coverage of the core modules in one Live version."""
    live = Simulator(profile, clock=ManualClock(), user_library=".")
    samples = sample_objects(live)
    found: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    for path, shape in _classes(live):
        module = "CuePoint" if path == "Song.CuePoint" else path.partition(".")[0]
        if module not in CORE_MODULES:
            continue
        for kind in KINDS:
            members = _members(path, shape, kind, samples.get(path))
            found.setdefault((module, kind), []).extend(members)
    for name in live.shape.modules["MidiMap"].functions:
        has = live.has_function("MidiMap." + name)
        found.setdefault(("MidiMap", "methods"), []).append((f"MidiMap.{name}", has))
    rows = []
    for (module, kind), members in found.items():
        lacking = [name for name, has in members if not has]
        refused = tuple(name for name in lacking if name.partition(".")[2] in REASONS)
        missing = tuple(name for name in lacking if name not in refused)
        rows.append(Row(module, kind, len(members), missing, refused))
    return rows


def _classes(live: Simulator) -> Iterator[tuple[str, ClassShape]]:
    def within(path: str, shape: ClassShape) -> Iterator[tuple[str, ClassShape]]:
        yield path, shape
        for name, inner in shape.classes.items():
            yield from within(f"{path}.{name}", inner)

    for module_name, module in live.shape.modules.items():
        for name, shape in module.classes.items():
            yield from within(f"{module_name}.{name}", shape)


def _members(path: str, shape: ClassShape, kind: str, handle: Any) -> list[tuple[str, bool]]:
    """Return each member of a kind and whether it behaves; a value class counts whole."""
    model = None if handle is None else handle._model
    names = {
        "properties": list(shape.properties),
        "methods": list(shape.methods),
        "listeners": list(shape.observables),
        "setters": [name for name, each in shape.properties.items() if each.settable],
    }[kind]
    return [(f"{path}.{name}", _behaves(path, kind, name, handle, model)) for name in names]


def _behaves(path: str, kind: str, name: str, handle: Any, model: Any) -> bool:
    if model is None:
        # Built by hand where there is a value class; else nothing of it is there.
        return path not in MODELS and (path in VALUES or path.endswith("Vector"))
    if kind == "properties":
        try:
            getattr(handle, name)
        except NotSimulatedError:
            return False
        except Exception:
            return True
        return True
    if kind == "methods":
        return hasattr(type(model), name)
    if kind == "listeners":
        return bool(model.can_notify(name))
    return hasattr(getattr(type(model), name, None), "__set__")


VALUES = frozenset(
    (
        *("Browser.BrowserItem", "Browser.BrowserItemIterator", "Clip.MidiNote", "Clip.MidiNoteSpecification"),
        *("Clip.WarpMarker", "Song.BeatTime", "Song.SmptTime", "Track.RoutingChannel", "Track.RoutingType"),
        *("MidiMap.CCFeedbackRule", "MidiMap.NoteFeedbackRule", "MidiMap.PitchBendFeedbackRule"),
    )
)
"""The value classes, which `core/values.py` and `program/browser/items.py` write out; vectors come from the tables."""


def describe(profile: str, rows: list[Row]) -> str:
    """Return the coverage as readable lines."""
    lines = [f"simulated Live {profile}: members of the {len(CORE_MODULES)} core modules that behave"]
    for kind in KINDS:
        of_kind = [row for row in rows if row.kind == kind]
        total, covered = sum(row.total for row in of_kind), sum(row.covered for row in of_kind)
        refused = sum(len(row.refused) for row in of_kind)
        lines.append(f"{kind}: {covered} of {total}, {refused} left out by name, {total - covered - refused} missing")
        lines += [f"  missing: {name}" for row in of_kind for name in row.missing]
    left_out = sorted({name for row in rows for name in row.refused})
    lines += [f"left out: {name}: {REASONS[name.partition('.')[2]]}" for name in left_out]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status: 1 when anything is missing that is not left out by name."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.live_simulator.probes.coverage", description=__doc__
    )
    parser.add_argument("--profile", default=NEWEST, choices=PROFILES, help="the Live version to be")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    options = parser.parse_args(arguments)
    rows = measure(options.profile)
    if options.json:
        print(json.dumps([dict(row._asdict(), covered=row.covered) for row in rows], indent=1))
    else:
        print(describe(options.profile, rows))
    return 1 if any(row.missing for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
