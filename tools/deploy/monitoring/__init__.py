"""Watching MuseAroo with Prometheus and Grafana: configuration, alerts, and the dashboard as a table."""
