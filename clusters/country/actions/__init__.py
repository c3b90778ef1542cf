"""Writes of the made-up country: the rows that real writes would have left, in bulk."""
