"""What the addresses of an import end with, below that of the page it belongs to."""

SHEET = "indlaes/"
TEMPLATE = SHEET + "skabelon.<str:kind>"
