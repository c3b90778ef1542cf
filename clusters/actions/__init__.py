"""Every write of the cluster half, one module a noun."""
