"""The MIDI ports of this machine."""
