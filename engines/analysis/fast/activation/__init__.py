"""Samples to frame-wise activations (100 frames a second), onsets and drum onsets with exact times."""
