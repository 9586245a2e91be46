"""The band: engines playing a scene or a song together, each reacting to those before it."""
