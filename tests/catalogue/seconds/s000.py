"""Second instances of the examples 000.*."""
