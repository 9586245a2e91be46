"""Jamming by turns: answer a phrase, continue it, harmonise it, or play bass and drums to it."""
