"""Plays together with someone: answers a phrase, continues it, harmonises it, plays bass and drums to it, by turns."""
