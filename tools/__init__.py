"""Tools around the product: simulators, the demo, benchmarks; and the workshop that builds the project."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the checkout, or of what is installed."""
