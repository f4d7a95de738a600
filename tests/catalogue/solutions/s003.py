"""Solutions of the examples 003.*."""
