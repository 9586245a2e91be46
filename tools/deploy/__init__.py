"""Running MuseAroo for others: how it is watched."""
