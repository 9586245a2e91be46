"""BrainAroo: analysis of what plays, of MIDI clips exactly and of audio by signal processing, and of whole scenes."""
