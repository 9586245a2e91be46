"""EnCodec, the codec of MusicGen: sounds to codes, and streaming codes to sounds."""
