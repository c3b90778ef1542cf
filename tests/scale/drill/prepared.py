"""What ``prepare.py`` put into the database."""

# Eight people who write at once.
PEOPLE = 8
FACILITIES = 4
