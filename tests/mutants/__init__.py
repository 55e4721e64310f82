"""One-line changes of critical code, each of which some test must notice: `make mutants`."""
