"""Improvising with a musician: listening, quantising, capturing what they played, jamming."""
