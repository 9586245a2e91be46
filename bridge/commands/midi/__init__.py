"""`musearoo midi`: live MIDI without Live and without the daemon."""
