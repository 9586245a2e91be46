"""How quickly the Max for Live device reacts, is acknowledged and makes a clip, in the simulated Max."""
