"""AtmosRoo: ambience. Drifting chords and layers over them: drones, pads, swells, bells, textures, risers."""
