"""BrainAroo: listens to what plays. So far it reads MIDI clips; what it says of them is exact."""
