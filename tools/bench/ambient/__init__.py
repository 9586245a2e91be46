"""Endless music measured: how fast it is made, how it sounds over time, what streams and steering take."""
