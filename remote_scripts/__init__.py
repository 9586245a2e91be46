"""What Live loads. A package only so that an installed MuseAroo finds its folder."""
