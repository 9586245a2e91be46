"""Audio as arrays: loops, stem separation, synthesis, capture from the device's ring buffer."""
