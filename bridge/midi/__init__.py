"""Live MIDI: ports, clock and scheduled output, in a process of their own."""
