"""How well MuseAroo understands what is said: sentences by speech synthesisers, alone and over music, to commands."""
