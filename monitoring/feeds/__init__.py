"""What other systems pull over REST."""
