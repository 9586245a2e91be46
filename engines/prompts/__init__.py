"""Prompts for audio generation: reading them, combining them with the set, and sketches without a model."""
