"""Metrics of the daemon and the server: tables of families, counting, and Prometheus' text. Standard library only."""
