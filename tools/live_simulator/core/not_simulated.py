"""What the simulator leaves out on purpose, by name, with the reason. Using it raises an error with that reason."""

from __future__ import annotations

_PROXY = "a control surface of another process, such as a Push that runs by itself, which is not there"
_TUNING = "tuning systems change how notes sound, and there is no sound"
_TEXT = "Live's own texts, which scripts cannot make; show_on_the_fly_message takes a sentence"
_TAKES = "take lanes hold recorded takes of the Arrangement, which nothing here records"
_BASE = "a base class, of which there are no objects"

REASONS: dict[str, str] = {
    **{
        f"ControlSurfaceProxy.{name}": _PROXY
        for name in (
            *("control_descriptions", "pad_layout", "type_name", "enable_receive_midi", "fetch_received_midi_messages"),
            *("fetch_received_values", "grab_control", "release_control", "send_midi", "send_value"),
            *("subscribe_to_control", "unsubscribe_from_control", "control_values_arrived", "midi_received"),
        )
    },
    "ControlDescription.id": _PROXY,
    "ControlDescription.name": _PROXY,
    "Application.show_message": _TEXT,
    "Song.tuning_system": _TUNING,
    **{
        f"TuningSystem.{name}": _TUNING
        for name in ("_live_ptr", "maximum_note", "minimum_note", "number_of_notes_in_pseudo_octave")
    },
    "DeviceContainer._live_ptr": _BASE,
    "Track.create_take_lane": _TAKES,
}
"""The reason for each, by class and member."""
