"""One module a form; READERS in registry order is the whole list."""
