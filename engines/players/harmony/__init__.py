"""HarmonyRoo, the chord player: progressions, then voicings by optimisation, then comping."""
