"""Speed, measured side by side: `make bench` prints one table of ratios."""
