"""Stem separation: plan, separation, files and their cache."""
