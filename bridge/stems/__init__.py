"""Splitting a sound into stems: plan, separation, files and their cache."""
