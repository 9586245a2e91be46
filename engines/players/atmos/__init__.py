"""AtmosRoo: ambience. Chords that drift, and layers over them: drones, pads, swells, bells, textures, risers."""
