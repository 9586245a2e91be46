"""HarmonyRoo: a chord player. Progressions first, then voicings led by optimisation, then what the hands do."""
