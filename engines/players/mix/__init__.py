"""MixAroo: a mix engineer. Levels from measured loudness, places, sends, slots in the spectrum, and a report."""
