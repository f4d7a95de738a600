"""Second instances of the examples 001.*."""
