"""Documents in and out, whatever half they come from."""
