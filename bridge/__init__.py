"""MuseAroo's daemon: what stands between Ableton Live, the device and the engines."""
