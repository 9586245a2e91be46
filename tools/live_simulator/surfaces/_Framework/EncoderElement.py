# ruff: noqa: N999  the name is Live's
"""Encoders of `_Framework`, which scripts import; there is no hardware to turn."""

from __future__ import annotations

from typing import Any


class EncoderElement:
    """An endless knob on a MIDI channel and controller number."""

    def __init__(self, msg_type: int, channel: int, identifier: int, map_mode: Any, *_: Any, **__: Any) -> None:
        self.msg_type = msg_type
        self.channel = channel
        self.identifier = identifier
        self.map_mode = map_mode

    def message_channel(self) -> int:
        """Return the MIDI channel."""
        return self.channel

    def message_identifier(self) -> int:
        """Return the controller number."""
        return self.identifier
