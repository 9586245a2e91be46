"""Takes as files for other programs: piano-roll pictures, audio renders and MIDI, and the byte ranges of a download."""
