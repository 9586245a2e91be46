"""Composers: processes that run the engines for the server, so that its event loop never computes."""
