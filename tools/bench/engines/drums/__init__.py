"""The evaluation of drums: how close DrummaRoo is to human drumming in each style."""
