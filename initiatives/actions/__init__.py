"""Every write of the KRAMS half, one module a noun."""
