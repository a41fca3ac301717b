"""The demo county and the supervisor behind ``make demo``."""
