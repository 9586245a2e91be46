"""The names of the style menu, in its order."""

STYLE_NAMES: tuple[str, ...] = (
    *("afrobeat", "ambient", "ballad", "blues", "bossa nova", "cinematic", "classical", "country", "deep house"),
    *("disco", "drill", "drum and bass", "dub", "dubstep", "folk", "funk", "hip-hop", "house", "jazz swing", "lo-fi"),
    *("metal", "pop", "R&B", "reggae", "rock", "salsa", "soul", "techno", "trance", "trap"),
)
"""The styles that come with MuseAroo, in alphabetical order. Sets store the place of a choice, not its name: a style
that is new goes to the end, whatever it is called."""
