"""The device for Max for Live. A package only so that an installed MuseAroo finds its folder."""
