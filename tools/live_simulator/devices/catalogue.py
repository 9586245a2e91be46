"""All stock devices by the name that the browser shows."""

from __future__ import annotations

from musearoo.tools.live_simulator.core.objects import Context
from musearoo.tools.live_simulator.devices.base import EQ_EIGHT, DeviceModel, EqEight
from musearoo.tools.live_simulator.devices.drum_rack import DRUM_RACK, DrumRack
from musearoo.tools.live_simulator.devices.racks import RACKS, DeviceHolder, RackDevice
from musearoo.tools.live_simulator.devices.stock import STOCK, StockDevice


def make_device(context: Context, holder: DeviceHolder, name: str) -> DeviceModel:
    """Return a new stock device. Raises RuntimeError for one that is not there, or not in this edition."""
    if name not in (EQ_EIGHT, *RACKS, *STOCK):
        raise RuntimeError(f"Could not insert {name!r}: it is none of {', '.join((EQ_EIGHT, *RACKS, *STOCK))}")
    if context.devices is not None and name not in context.devices:
        raise RuntimeError(f"Could not insert {name!r}: this edition of Live does not have it")
    if name == EQ_EIGHT:
        return EqEight(context, holder)
    if name == DRUM_RACK:
        return DrumRack(context, holder)
    if name in STOCK:
        return StockDevice(context, holder, name)
    rack = RackDevice(context, holder, name)
    rack.insert_chain()
    return rack
