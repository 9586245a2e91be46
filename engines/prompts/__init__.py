"""Imagining: sound out of words. What asks for it, what it is asked in the set's terms, and what makes it."""
