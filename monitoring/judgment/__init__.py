"""The monthly judgment: indicators, findings, alerts; set-based, in shards, safe to kill."""
