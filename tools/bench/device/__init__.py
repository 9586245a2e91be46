"""The latency of the Max for Live device's response, acknowledgement and clip, in the simulated Max."""
