"""Executes the notebooks, assembles the book, and publishes both whole or not at all."""
