"""Moonshine, speech to text: N. Jeffries and others, "Moonshine: Speech Recognition for Live Transcription", 2024."""
