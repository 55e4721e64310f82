"""Speed and memory, beside peers and floors, in one run: `python -m benchmarks`."""
