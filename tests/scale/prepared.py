"""What ``prepare.py`` put into the database."""

# More than the portal reads at once, so that a file takes several rounds.
ROWS = 2500
