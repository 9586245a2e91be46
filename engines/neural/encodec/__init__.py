"""EnCodec, the codec of MusicGen: between sounds and codes, the latter in a stream."""
