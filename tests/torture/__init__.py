"""`make torture`: the long reliability tests. `make test` runs a short part of the same functions."""
