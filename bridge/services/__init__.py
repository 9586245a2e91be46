"""Services that perform the conductor's effects: engines, analysis, audio, MIDI, speech."""
