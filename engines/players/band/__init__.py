"""The band: the engines playing a scene or a song together, each hearing those before it."""
