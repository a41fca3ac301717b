"""The home page and the run pages."""
