"""Files that Live loads. This is a package only so that an installed MuseAroo finds its folder."""
