"""Solutions of the examples 002.*."""
