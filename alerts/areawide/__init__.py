"""One flood in named villages is one event: all their households visited, dispatched and closed together."""
