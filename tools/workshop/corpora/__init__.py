"""Development sets for audio analysis: audio with ground truth, rendered from symbolic corpora.

Not part of the product.
"""
