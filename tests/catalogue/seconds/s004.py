"""Second instances of the examples 004.*."""
