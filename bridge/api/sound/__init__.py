"""The sound of a session as a stream: several parts side by side, numbered by sample, rendered while they play."""
