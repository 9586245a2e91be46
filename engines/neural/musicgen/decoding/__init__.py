"""MusicGen's language model and its fast decoding loop: from conditions to frames of codes."""
