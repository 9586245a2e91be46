"""The synthesiser of endless music: block after block, with its state kept, the same for the same notes."""
