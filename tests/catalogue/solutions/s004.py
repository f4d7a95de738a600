"""Solutions of the examples 004.*."""
