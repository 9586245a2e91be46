"""A complete studio on this machine: simulated Live, daemon, and the device or its stand-in."""
