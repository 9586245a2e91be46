"""Drum kits that have their drums on other notes than General MIDI."""
