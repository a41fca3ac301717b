"""The desk side of visits: what was visited, who is due, a visit's page, forms for days without a tablet."""
