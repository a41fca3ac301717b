"""Pages that look at several packages: one household, one alert."""
