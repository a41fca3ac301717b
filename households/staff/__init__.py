"""Who works where, as what, from and until when; signing in."""
