"""Training on human drumming: feel, measures by style, and style recognition."""
