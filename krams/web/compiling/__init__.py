"""What happens to the source of a page before Python runs it."""
