"""The services that play: takes, jams and endless music."""
