"""A band that plays lead sheets: its parts, its drum patterns, its time."""
