"""MusicGen's language model and its fast decoding loop: conditions in, finished frames of codes out."""
