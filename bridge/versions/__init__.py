"""Versions of a set: kept by content, named by what happened, compared in musical words, merged, brought back."""
