"""What is not known: which households, which figure, which list is missing, and which rules could not judge."""
