"""From samples to activations, 100 frames a second, and to onsets and drum onsets with exact times."""
