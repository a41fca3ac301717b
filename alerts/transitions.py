"""The states of an alert, as one plain table. Both directions of travel use the same ones."""

RAISED = "raised"
DISPATCHED = "dispatched"
ACKNOWLEDGED = "acknowledged"
VERIFIED = "verified"
REVIEWED = "reviewed"
CLOSED = "closed"
WITHDRAWN = "withdrawn"

# An alert is open until it stands in one of these.
FINAL = (CLOSED, WITHDRAWN)
