"""The objects without a user interface and their cords: the script, the network, and the ring buffer of the track's
audio.

Objects that are the same for every control are created by the builder: the `[route]` from the script to the controls,
and a `[prepend]` from each control that sends to the script. Where order matters, a `[trigger]` fixes it, right to
left.
"""

from musearoo.max_for_live.table.records import Cord, Thing, Twin

DAEMON_PORT = 24620
"""The first daemon's port; the script also tries the next ones."""

FIRST_REPLY_PORT = 24700
"""The device's port until its script has chosen one."""

RING_MILLISECONDS = 40_000
"""The ring buffer's duration: eight bars of 4/4 at 48 BPM. The script requests a longer one for slower sets."""

COUNTER_LIMIT = 16_777_216
"""The sample counter wraps here: every integer below it is exact in a float32."""

_SOUND = (Twin.AUDIO,)
_NOTES = (Twin.MIDI,)

THINGS: tuple[Thing, ...] = (
    Thing("script", "js MuseAroo.js audio", twins=_SOUND),
    Thing("script", "js MuseAroo.js midi", twins=_NOTES),
    # The device is ready once Live's API responds, and sends a goodbye when it is deleted.
    Thing("thisdevice", "live.thisdevice"),
    Thing("begin", "trigger b b b", twins=_SOUND),
    Thing("say_loaded", "loaded", maxclass="message"),
    Thing("freebang", "freebang"),
    Thing("say_closing", "closing", maxclass="message"),
    # The network. Received messages are handled in the low-priority queue, never in the scheduler.
    Thing("send", f"udpsend 127.0.0.1 {DAEMON_PORT}"),
    Thing("receive", f"udpreceive {FIRST_REPLY_PORT} @defer 1"),
    # The track's own audio passes through unchanged.
    Thing("sound_in", "plugin~", twins=_SOUND),
    Thing("sound_out", "plugout~", twins=_SOUND),
    Thing("notes_in", "midiin", twins=_NOTES),
    Thing("notes_out", "midiout", twins=_NOTES),
    # The ring buffer: left, right, Live's beat as a phase, and a sample counter that marks the recording position.
    Thing("beat", "plugphasor~", twins=_SOUND),
    Thing("counter", f"count~ 0 {COUNTER_LIMIT} 1", twins=_SOUND),
    Thing("record", "record~ ---ring 4 @loop 1", twins=_SOUND),
    Thing("record_on", "1", maxclass="message", twins=_SOUND),
    Thing("ring", f"buffer~ ---ring {RING_MILLISECONDS} 4 @format float32", twins=_SOUND),
    Thing("ask_ring", "route size write count", twins=_SOUND),
    Thing("resize", "prepend size", twins=_SOUND),
    # Counter first, then the file, then the message that it is complete.
    Thing("in_turn", "trigger b s b", twins=_SOUND),
    Thing("write", "prepend writewave", twins=_SOUND),
    Thing("say_written", "written", maxclass="message", twins=_SOUND),
    Thing("read_counter", "snapshot~", twins=_SOUND),
    Thing("say_counter", "prepend counter", twins=_SOUND),
    Thing("sample_rate", "dspstate~", twins=_SOUND),
    Thing("say_sample_rate", "prepend sample_rate", twins=_SOUND),
)

CORDS: tuple[Cord, ...] = (
    Cord("thisdevice", 0, "begin", twins=_SOUND),
    Cord("begin", 0, "say_loaded", twins=_SOUND),
    Cord("thisdevice", 0, "say_loaded", twins=_NOTES),
    Cord("say_loaded", 0, "script"),
    Cord("freebang", 0, "say_closing"),
    Cord("say_closing", 0, "script"),
    Cord("script", 1, "send"),
    Cord("script", 2, "receive"),
    Cord("receive", 0, "script"),
    Cord("sound_in", 0, "sound_out", 0, twins=_SOUND),
    Cord("sound_in", 1, "sound_out", 1, twins=_SOUND),
    Cord("notes_in", 0, "notes_out", twins=_NOTES),
    Cord("begin", 1, "sample_rate", twins=_SOUND),
    Cord("begin", 2, "record_on", twins=_SOUND),
    Cord("record_on", 0, "record", twins=_SOUND),
    Cord("sound_in", 0, "record", 0, twins=_SOUND),
    Cord("sound_in", 1, "record", 1, twins=_SOUND),
    Cord("beat", 0, "record", 2, twins=_SOUND),
    Cord("counter", 0, "record", 3, twins=_SOUND),
    Cord("counter", 0, "read_counter", twins=_SOUND),
    Cord("script", 3, "ask_ring", twins=_SOUND),
    Cord("ask_ring", 0, "resize", twins=_SOUND),
    Cord("resize", 0, "ring", twins=_SOUND),
    Cord("ask_ring", 1, "in_turn", twins=_SOUND),
    Cord("ask_ring", 2, "read_counter", twins=_SOUND),
    Cord("in_turn", 2, "read_counter", twins=_SOUND),
    Cord("in_turn", 1, "write", twins=_SOUND),
    Cord("write", 0, "ring", twins=_SOUND),
    Cord("in_turn", 0, "say_written", twins=_SOUND),
    Cord("say_written", 0, "script", twins=_SOUND),
    Cord("read_counter", 0, "say_counter", twins=_SOUND),
    Cord("say_counter", 0, "script", twins=_SOUND),
    Cord("sample_rate", 1, "say_sample_rate", twins=_SOUND),
    Cord("say_sample_rate", 0, "script", twins=_SOUND),
)
