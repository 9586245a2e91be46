"""Audio generation from a prompt: plan, models, takes, and the file that records how each was made."""
