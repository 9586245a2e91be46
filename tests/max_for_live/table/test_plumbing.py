"""The objects without a face: known to their cords, in order, deferred, and apart from those of other devices."""

import re

import pytest

from musearoo.bridge.protocol import FIRST_DEVICE_PORT
from musearoo.max_for_live.table.banks import BANKS
from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.plumbing import CORDS, COUNTER_LIMIT, DAEMON_PORT, FIRST_REPLY_PORT, THINGS
from musearoo.max_for_live.table.records import Thing, Twin, Visibility
from tests.each_case import each_case

twins = pytest.mark.parametrize("twin", Twin)


def things_of(twin: Twin) -> dict[str, Thing]:
    things = [thing for thing in THINGS if twin in thing.twins]
    by_name = {thing.name: thing for thing in things}
    assert len(by_name) == len(things)
    return by_name


def is_signal(thing: Thing) -> bool:
    return thing.text.split()[0] in ("plugin~", "plugphasor~", "count~")


@twins
def test_cords_lead_between_things_that_are_there(twin: Twin) -> None:
    things = things_of(twin)
    for cord in CORDS:
        if twin in cord.twins:
            assert cord.source in things, cord
            assert cord.destination in things, cord


@twins
def test_every_thing_has_a_cord(twin: Twin) -> None:
    ends = {end for cord in CORDS if twin in cord.twins for end in (cord.source, cord.destination)}
    assert set(things_of(twin)) == ends | ({"ring"} & set(things_of(twin)))


@twins
def test_no_message_depends_on_where_objects_lie(twin: Twin) -> None:
    """Two cords of one outlet fire by their places in the patch, unless they are signals."""
    things = things_of(twin)
    messages = [(c.source, c.outlet) for c in CORDS if twin in c.twins and not is_signal(things[c.source])]
    assert len(set(messages)) == len(messages)


@twins
def test_the_network_speaks_in_the_low_priority_queue(twin: Twin) -> None:
    assert things_of(twin)["receive"].text.endswith("@defer 1")


@twins
def test_shared_names_are_the_devices_own(twin: Twin) -> None:
    for thing in things_of(twin).values():
        words = thing.text.split()
        if words[0] in ("buffer~", "record~", "send", "receive", "s", "r"):
            assert words[1].startswith("---"), thing


def test_the_device_begins_at_the_daemons_first_port() -> None:
    assert DAEMON_PORT == FIRST_DEVICE_PORT
    assert not DAEMON_PORT <= FIRST_REPLY_PORT < DAEMON_PORT + 8


def test_every_count_of_the_ring_is_exact_in_a_float32() -> None:
    assert COUNTER_LIMIT == 2**24
    assert things_of(Twin.AUDIO)["counter"].text == f"count~ 0 {COUNTER_LIMIT} 1"


def test_the_ring_has_a_channel_for_each_of_its_four_signals() -> None:
    things = things_of(Twin.AUDIO)
    recorded = sorted(cord.inlet for cord in CORDS if cord.destination == "record" and is_signal(things[cord.source]))
    assert recorded == [0, 1, 2, 3]
    assert re.fullmatch(r"buffer~ ---ring \d+ 4 @format float32", things["ring"].text)


@each_case("name", ["begin", "in_turn"])
def test_triggers_have_a_cord_for_each_letter(name: str) -> None:
    for twin in Twin:
        thing = things_of(twin).get(name)
        if thing:
            outlets = sorted(cord.outlet for cord in CORDS if twin in cord.twins and cord.source == name)
            assert outlets == list(range(len(thing.text.split()) - 1))


def test_the_counter_is_told_before_the_ring_is_written_and_the_end_after_it() -> None:
    order = {cord.outlet: cord.destination for cord in CORDS if cord.source == "in_turn"}
    assert [order[outlet] for outlet in sorted(order, reverse=True)] == ["read_counter", "write", "say_written"]


def test_banks_hold_eight_parameters_each_at_one_place() -> None:
    assert len({bank.name for bank in BANKS}) == len(BANKS)
    held = [name for bank in BANKS for name in bank.controls if name]
    assert len(set(held)) == len(held)
    assert all(len(bank.controls) == 8 for bank in BANKS)


def test_push_holds_everything_that_live_automates_and_nothing_else() -> None:
    automated = {c.name for c in CONTROLS if c.parameter and c.parameter.visibility is Visibility.AUTOMATED}
    assert {name for bank in BANKS for name in bank.controls if name} == automated
