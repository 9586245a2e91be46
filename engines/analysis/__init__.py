"""BrainAroo: analysis of MIDI clips (exact), of audio (signal processing) and of whole scenes."""
