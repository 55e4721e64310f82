"""Measure speed and memory, and compare them with other programs: `python -m benchmarks`."""
