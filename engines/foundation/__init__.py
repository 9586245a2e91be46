"""Foundations: bounded parsing, seeded random streams, best-path search."""
