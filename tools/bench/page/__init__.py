"""The page in Chromium: how soon it is there, how fast it answers a touch, how smoothly it draws, what it needs."""
