"""Traits of music, whether from audio or from notes: complexity, mood, drum pattern, style."""
