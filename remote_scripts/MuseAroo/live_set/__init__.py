"""The set as the daemon sees it: ids, states, notes and warp markers, kept in step by listeners."""
