"""The judge of the drums: what people play in a style, and how near DrummaRoo comes to it."""
