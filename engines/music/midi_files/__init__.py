"""Standard MIDI Files: everything that they say of a piece, read and written exactly."""
