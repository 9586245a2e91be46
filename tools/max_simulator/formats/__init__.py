"""The formats that Max reads and writes: atoms, patchers, device containers, OSC packets, WAV files."""
