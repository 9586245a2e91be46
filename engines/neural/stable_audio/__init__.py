"""Stable Audio 3 as a model that imagines."""
