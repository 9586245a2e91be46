"""The committed tables agree with the dumps, and the classes that scripts see with the tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from musearoo.tools.live_simulator.core import make_shapes
from musearoo.tools.live_simulator.core.objects import NotSimulatedError
from musearoo.tools.live_simulator.core.shapes import PROFILES, TABLES, ClassShape, read_shape
from musearoo.tools.live_simulator.probes.coverage import sample_objects
from musearoo.tools.live_simulator.program.simulator import MODELS, Simulator

from ..conftest import MakeLive

VALUE_CLASSES_WITH_INIT = {"Clip.MidiNoteSpecification", "Clip.WarpMarker", "Song.BeatTime", "Base.Timer"}


DUMPS = os.environ.get("MUSEAROO_LIVE_API", "")
"""The folder with the dumps of real Lives, where there is one."""

needs_dumps = pytest.mark.skipif(not DUMPS, reason="no dumps of real Lives: MUSEAROO_LIVE_API names no folder")


@needs_dumps
def test_tables_agree_with_the_dumps() -> None:
    assert make_shapes.main([DUMPS, "--check"]) == 0


@needs_dumps
def test_check_notices_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for profile in PROFILES:
        text = Path(TABLES, profile + ".json").read_text(encoding="utf-8")
        (tmp_path / (profile + ".json")).write_text(text.replace("add_new_notes", "add_notes"), encoding="utf-8")
    monkeypatch.setattr(make_shapes, "TABLES", str(tmp_path))
    assert make_shapes.main([DUMPS, "--check"]) == 1


def all_classes(live: Simulator) -> Iterator[tuple[str, ClassShape, type]]:
    """Yield path, shape and made class of every class in a profile, nested ones too."""

    def visit(path: str, shape: ClassShape, owner: Any) -> Iterator[tuple[str, ClassShape, type]]:
        made = getattr(owner, shape.name)
        yield path, shape, made
        for inner in shape.classes.values():
            yield from visit(f"{path}.{inner.name}", inner, made)

    for module_name, module in live.shape.modules.items():
        for shape in module.classes.values():
            yield from visit(f"{module_name}.{shape.name}", shape, getattr(live.Live, module_name))


def members_by_shape(shape: ClassShape) -> set[str]:
    names = set(shape.properties) | set(shape.methods) | set(shape.classes) | set(shape.enums)
    for name in shape.observables:
        names |= {f"add_{name}_listener", f"remove_{name}_listener", f"{name}_has_listener"}
    return names


@pytest.mark.parametrize("profile", PROFILES)
def test_classes_have_exactly_the_members_of_the_shape(profile: str, make_live: MakeLive) -> None:
    live = make_live(profile)
    checked = 0
    for path, shape, made in all_classes(live):
        inherited = {"_live_ptr"} if "_live_ptr" in shape.properties else set()
        members = {name for name in vars(made) if name == "_live_ptr" or not name.startswith("_")} | inherited
        assert members == members_by_shape(shape), path
        checked += 1
    assert checked > 40


@pytest.mark.parametrize("profile", PROFILES)
def test_properties_are_settable_where_the_shape_says_so(profile: str, make_live: MakeLive) -> None:
    live = make_live(profile)
    for path, shape, made in all_classes(live):
        for name, property_shape in shape.properties.items():
            member = vars(made).get(name, getattr(made, name))
            assert isinstance(member, property), f"{path}.{name}"
            assert (member.fset is not None) == property_shape.settable, f"{path}.{name}"


@pytest.mark.parametrize("profile", PROFILES)
def test_enums_have_the_numbers_of_the_shape(profile: str, make_live: MakeLive) -> None:
    live = make_live(profile)

    def compare(owner: Any, enums: dict[str, dict[str, int]]) -> None:
        for name, members in enums.items():
            enum = getattr(owner, name)
            assert {member: int(value) for member, value in enum.names.items()} == members
            assert all(int(getattr(enum, member)) == value for member, value in members.items())
            assert issubclass(enum, int)

    for module_name, module in live.shape.modules.items():
        compare(getattr(live.Live, module_name), module.enums)
    for _, shape, made in all_classes(live):
        compare(made, shape.enums)


@pytest.mark.parametrize("profile", PROFILES)
def test_modules_have_exactly_what_the_shape_has(profile: str, make_live: MakeLive) -> None:
    live = make_live(profile)
    for name, module in live.shape.modules.items():
        public = {member for member in vars(getattr(live.Live, name)) if not member.startswith("_")}
        assert public == set(module.classes) | set(module.enums) | set(module.functions), name
        assert sys.modules[f"Live.{name}"] is getattr(live.Live, name)


def test_what_a_profile_lacks_is_not_there(make_live: MakeLive) -> None:
    old = make_live("12.0.0")
    slot = old.song.tracks[2].clip_slots[0]
    with pytest.raises(AttributeError):
        slot.create_audio_clip("/x.wav")
    with pytest.raises(AttributeError):
        _ = old.song.scale_mode
    new = make_live("12.0.5")
    assert hasattr(type(new.song.tracks[2].clip_slots[0]), "create_audio_clip")
    assert new.song.scale_mode is False


def test_versions_differ_as_the_dumps_do(make_live: MakeLive) -> None:
    assert make_live("12.0.0").song.tracks[0].clip_slots[0].create_clip(4.0) is None
    clip = make_live("11.3.25").song.tracks[0].clip_slots[0].create_clip(4.0)
    assert clip.length == 4.0


@pytest.mark.parametrize("profile", PROFILES)
def test_every_property_answers_refuses_or_fails_loudly(profile: str, make_live: MakeLive, tmp_path: Path) -> None:
    live = make_live(profile, user_library=str(tmp_path))
    instances = sample_objects(live)
    assert set(MODELS) - set(instances) <= {"Envelope.Envelope", "Clip.AutomationEnvelope"}
    shapes = {path: shape for path, shape, _ in all_classes(live)}
    loud = answered = 0
    for path, instance in instances.items():
        for name in shapes[path].properties:
            refusal = ""
            try:
                getattr(instance, name)
                answered += 1
            except NotSimulatedError as error:
                refusal = str(error)
                loud += 1
            except RuntimeError as error:
                answered += bool(str(error))
            if refusal:
                member = f"{path.partition('.')[2]}.{name}"
                assert refusal.startswith(f"the simulated Live does not simulate {member}")
                assert any(member in line for line in live.log_lines)
    assert answered > 150


def test_what_is_left_out_fails_loudly_with_its_reason(live: Simulator) -> None:
    with pytest.raises(NotSimulatedError, match=r"does not simulate Track\.create_take_lane: take lanes hold"):
        live.song.tracks[0].create_take_lane()
    with pytest.raises(NotSimulatedError, match=r"does not simulate Song\.tuning_system: tuning systems"):
        _ = live.song.tuning_system
    with pytest.raises(NotSimulatedError, match=r"does not simulate listening to Song\.tuning_system"):
        live.song.add_tuning_system_listener(lambda: None)
    with pytest.raises(NotSimulatedError, match=r"does not simulate Live\.RoarDevice"):
        _ = live.Live.RoarDevice
    with pytest.raises(AttributeError):
        _ = live.Live.NoSuchModule
    assert {"Track.create_take_lane", "Song.tuning_system", "Live.RoarDevice"} <= set(live.context.not_simulated)


def test_objects_of_the_set_cannot_be_made_by_scripts(live: Simulator) -> None:
    for cls in (live.Live.Clip.Clip, live.Live.Track.Track, live.Live.Clip.MidiNote):
        with pytest.raises(RuntimeError, match="cannot be instantiated"):
            cls()


def test_unknown_profiles_are_refused_with_the_choice() -> None:
    with pytest.raises(ValueError, match=r"no profile '10\.1'.*12\.3\.6"):
        read_shape("10.1")
