"""The tablet: one page that works without a network, and the pull and push behind it."""
