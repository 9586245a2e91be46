"""The clips of a scene together: one musical context from MIDI and audio."""
