"""Stable Audio 3 as an audio generation model."""
