"""Standard MIDI Files: read and write them without loss."""
