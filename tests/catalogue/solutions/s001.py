"""Solutions of the examples 001.*."""
