"""MuseAroo's daemon: it connects Ableton Live, the device and the engines."""
