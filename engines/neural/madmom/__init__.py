"""The deep analysis pass: madmom's trained networks, run without importing madmom."""
