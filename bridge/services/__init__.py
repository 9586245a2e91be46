"""What performs the conductor's effects: engines, analysis, sound, MIDI, speech."""
