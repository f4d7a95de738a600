"""Second instances of the examples 002.*."""
