"""Knowledge about music, with confidences: the analysis of a clip, hints, and the context of a part."""
