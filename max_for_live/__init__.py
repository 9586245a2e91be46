"""The Max for Live device. This is a package only so that an installed MuseAroo finds its folder."""
