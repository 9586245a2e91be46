"""MuseAroo's daemon: what stands between Ableton Live, the device and the engines."""

__version__ = "0.1.0"
