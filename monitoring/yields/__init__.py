"""What each rule yields, and what another threshold would have yielded: noise is managed by its numbers."""
