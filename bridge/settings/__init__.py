"""MuseAroo's folder and what is read from it: settings, styles, patterns, voice table, logs."""
