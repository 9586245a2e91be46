"""Measures of a part, a song or a band: similarity, structure, harmony, and playability."""
