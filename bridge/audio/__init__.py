"""Audio files: decoding, writing, rendering, and the folders they go to."""
