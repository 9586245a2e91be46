"""The beat clock, and the sources it follows: Live, MIDI clock, Link."""
