"""Measures of a part, a song or a band: likeness, structure, harmony, and what hands can play."""
