"""The page in the browser: `web` is what it loads, `files` serves that. It is a client of the API and nothing more."""
