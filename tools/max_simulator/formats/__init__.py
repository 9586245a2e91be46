"""What Max reads and writes: atoms, patchers, device containers, OSC packets, WAV files; and what is wrong with them."""
