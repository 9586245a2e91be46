"""What is known about music, and how surely: the analysis of a clip, hints, the context of a part."""
