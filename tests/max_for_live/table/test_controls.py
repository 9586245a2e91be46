"""The controls as a producer meets them: named once, placed on the grid, explained, and harmless to undo."""

import re
from pathlib import Path

import pytest

from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.face import COLUMN_GAP, GAP, GROUP_GAP, MARGIN, WIDTH
from musearoo.max_for_live.table.looks import LAMPS, LOOKS
from musearoo.max_for_live.table.records import HEIGHT, Control, Kind, Rect, Twin, Visibility

SEPARATORS = (Kind.LINE, Kind.DIAL)
"""What has air of its own around it."""

SCRIPT = Path(__file__).parents[3] / "max_for_live" / "script"

GAPS = (GAP, GROUP_GAP, COLUMN_GAP)
"""Pixels between neighbours: within a group, between a group and the next below it, and the next beside it."""

twins = pytest.mark.parametrize("twin", Twin)


def face_of(twin: Twin) -> tuple[Control, ...]:
    return tuple(control for control in CONTROLS if twin in control.twins)


def on_the_ground(twin: Twin) -> tuple[Control, ...]:
    return tuple(control for control in face_of(twin) if not control.over)


def cell_of(control: Control) -> Rect:
    """The cell that a control fills; what draws to its very edge stands a pixel within it."""
    rect = control.rect
    if control.kind not in (Kind.FIELD, Kind.PANEL):
        return rect
    return Rect(rect.left - 1, rect.top - 1, rect.width + 2, rect.height + 2)


def share_rows(one: Rect, other: Rect) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def share_columns(one: Rect, other: Rect) -> bool:
    return one.left < other.right and other.left < one.right


@twins
def test_names_are_unique(twin: Twin) -> None:
    names = [control.name for control in face_of(twin)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z_]*", name) for name in names)


@twins
def test_long_names_are_unique(twin: Twin) -> None:
    names = [control.parameter.long_name for control in face_of(twin) if control.parameter]
    assert len(set(names)) == len(names)


@twins
def test_everything_lies_within_the_margins(twin: Twin) -> None:
    for control in face_of(twin):
        rect = control.rect
        assert MARGIN <= rect.left < rect.right <= WIDTH - MARGIN, control.name
        assert MARGIN <= rect.top < rect.bottom <= HEIGHT - MARGIN, control.name


@twins
def test_the_face_is_as_far_from_the_left_edge_as_from_the_right(twin: Twin) -> None:
    rects = [cell_of(control) for control in face_of(twin)]
    assert min(rect.left for rect in rects) == WIDTH - max(rect.right for rect in rects)


@twins
def test_nothing_overlaps_but_what_lies_over_another(twin: Twin) -> None:
    controls = face_of(twin)
    for index, one in enumerate(controls):
        for other in controls[index + 1 :]:
            if other.name == one.over or one.name == other.over:
                continue
            both = share_rows(one.rect, other.rect) and share_columns(one.rect, other.rect)
            assert not both, f"{one.name} and {other.name}"


@twins
def test_what_lies_over_another_lies_within_it(twin: Twin) -> None:
    by_name = {control.name: control for control in face_of(twin)}
    for control in by_name.values():
        if control.over:
            rect, under = control.rect, by_name[control.over].rect
            assert under.left <= rect.left < rect.right <= under.right, control.name
            assert under.top <= rect.top < rect.bottom <= under.bottom, control.name


@twins
def test_neighbours_are_a_gap_apart(twin: Twin) -> None:
    cells = {control.name: cell_of(control) for control in on_the_ground(twin) if control.kind not in SEPARATORS}
    dials = [control.rect for control in on_the_ground(twin) if control.kind is Kind.DIAL]
    for name, one in cells.items():
        beside = [cell.left - one.right for cell in (*cells.values(), *dials) if share_rows(one, cell)]
        below = [cell.top - one.bottom for cell in cells.values() if share_columns(one, cell)]
        below += [dial.top - one.bottom for dial in dials if share_columns(one, dial) and dial.top > one.bottom]
        for gaps in (beside, below):
            nearest = min((gap for gap in gaps if gap >= 0), default=GAP)
            assert nearest in GAPS, f"{name}: {nearest} pixels"


@twins
def test_what_can_be_touched_is_explained(twin: Twin) -> None:
    for control in face_of(twin):
        if control.kind in (Kind.PANEL, Kind.LINE):
            continue
        assert control.title, control.name
        assert control.info.endswith("."), control.name
        assert 1 <= len(re.findall(r"[^.]+\.", control.info)) <= 4, control.name
        assert len(control.info) <= 300, control.name


@twins
def test_titles_say_what_live_calls_the_parameter(twin: Twin) -> None:
    for control in face_of(twin):
        if control.parameter:
            assert control.title == control.parameter.long_name


def test_momentary_buttons_and_what_hears_or_plays_are_hidden() -> None:
    """A stored button would flood undo.

    A stored latch or arm would open the microphone whenever a set is opened, and a stored jam would play.
    """
    for control in CONTROLS:
        if control.kind is Kind.BUTTON or control.name in ("talk_latch", "talk_arm", "talk_face", "jam"):
            assert control.parameter is not None
            assert control.parameter.visibility is Visibility.HIDDEN, control.name
            assert control.parameter.initial == 0, control.name


def test_what_is_set_by_hand_is_kept_with_the_set() -> None:
    for control in CONTROLS:
        if control.kind in (Kind.MENU, Kind.DIAL, Kind.FIELD) or control.name in ("auto_split", "hear"):
            assert control.parameter is not None
            assert control.parameter.visibility is not Visibility.HIDDEN, control.name


def test_the_script_sets_no_parameter_that_live_would_write_into_undo() -> None:
    """The prompt is shown only to be asked for its text, Auto split only where the user has asked for it by voice."""
    for control in CONTROLS:
        if control.shown and control.parameter and control.name not in ("prompt", "auto_split"):
            assert control.parameter.visibility is Visibility.HIDDEN, control.name


def test_choices_are_distinct_and_the_first_one_is_among_them() -> None:
    for control in CONTROLS:
        if control.parameter and control.parameter.choices:
            choices = control.parameter.choices
            assert len(set(choices)) == len(choices) >= 2, control.name
            assert all(choice.strip() == choice != "" for choice in choices), control.name
            assert control.parameter.initial in range(len(choices)), control.name
            assert control.kind is not Kind.MENU or control.parameter.high == len(choices) - 1, control.name


def test_numbers_begin_within_their_range() -> None:
    for control in CONTROLS:
        if control.parameter and not control.parameter.choices and control.kind is not Kind.FIELD:
            assert control.parameter.low <= control.parameter.initial <= control.parameter.high, control.name


def test_the_script_knows_every_control_that_it_hears_or_shows() -> None:
    """A name that it does not know it ignores in silence, as Max does."""
    script = "".join(part.read_text("utf-8") for part in SCRIPT.glob("*.js"))
    assert script
    for control in CONTROLS:
        if control.speaks or control.shown:
            assert re.search(rf"\b{control.name}\b", script), control.name


def test_every_role_has_a_look_and_every_look_a_role() -> None:
    assert {control.role for control in CONTROLS if control.role} == {look.name for look in LOOKS}
    assert len({look.name for look in LOOKS}) == len(LOOKS)


def test_the_midi_twin_has_all_but_what_needs_sound() -> None:
    audio = {control.name for control in face_of(Twin.AUDIO)}
    midi = {control.name for control in face_of(Twin.MIDI)}
    assert audio - midi == {"listen", "listen_bars", "listen_for"}
    assert midi - audio == {"listen_hint"}


def test_the_lamp_has_a_colour_of_its_own_for_each_state() -> None:
    assert len({lamp[1:] for lamp in LAMPS}) == len(LAMPS) == 4
    assert all(0 <= part <= 1 for lamp in LAMPS for part in lamp[1:])
