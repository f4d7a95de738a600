"""Second instances of the examples 003.*."""
