"""A rhythm section that plays lead sheets: its parts, drum patterns and timing."""
