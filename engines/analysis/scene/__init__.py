"""The clips of a scene merged into one musical context, from MIDI and audio."""
