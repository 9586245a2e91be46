"""The deep pass of analysis: madmom's trained networks, run without importing madmom."""
