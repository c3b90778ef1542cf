"""A whole country, made up: as many places, people and registrations as Denmark would have."""
