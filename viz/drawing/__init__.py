"""Computation graphs as pictures: what is drawn (scene), in which style, and how it is laid out."""
