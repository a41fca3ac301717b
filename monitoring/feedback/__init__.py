"""What departments hear back: what became of each row they sent, and who was confirmed."""
