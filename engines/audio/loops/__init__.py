"""Turn generated audio into a seamless loop of whole bars in the set's tempo."""
