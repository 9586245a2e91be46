"""The set as reported to the daemon: ids, states, notes and warp markers, kept up to date by listeners."""
