"""Analysis of MIDI clips: the same results as from audio, exact where the notes give them."""
