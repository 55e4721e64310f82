"""The long part of the proof: `make torture`. Its short part runs with the tests, from the same functions."""
