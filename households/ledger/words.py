"""What the audit page calls the words that are stored: actions, and the pages of subjects."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Words of the packages above stand here too: the trail is one, and a test finds an action that has no label.
ACTIONS: dict[str, Promise] = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Failed sign-in"),
    "sign_in_refused": _("Sign-in refused during lock-out"),
    "locked_out": _("Locked out"),
    "sign_out": _("Signed out"),
    "password_changed": _("Password changed"),
    "account_created": _("Account made"),
    "account_list_taken_in": _("List of accounts taken in"),
    "account_closed": _("Account closed"),
    "account_opened": _("Account opened again"),
    "first_password_reset": _("New first password"),
    "posting_started": _("Posting started"),
    "posting_ended": _("Posting ended"),
    "household_read": _("Household read"),
    "household_search": _("Households searched"),
    "alert_read": _("Alert read"),
    "import_received": _("File received"),
    "import_committed": _("Import committed"),
    "import_discarded": _("Import discarded"),
    "import_refused_read": _("Refused rows downloaded"),
    "import_row_matched": _("Waiting row matched by hand"),
    "import_rows_resolved": _("Waiting rows found in the register"),
    "import_row_dismissed": _("Waiting row dismissed"),
    "doubt_settled": _("Doubt settled"),
    "import_search": _("Persons or households searched for a waiting row"),
    "run_opened": _("Judgment started"),
    "run_finished": _("Judgment finished"),
    "threshold_added": _("Threshold added"),
    "client_created": _("API client made"),
    "client_revoked": _("API client revoked"),
}
SUBJECTS: dict[str, Promise] = {
    "user": _("Account"),
    "household": _("Household"),
    "alert": _("Alert"),
    "import": _("Import"),
    "run": _("Judgment"),
    "client": _("API client"),
    "threshold": _("Threshold"),
}
# Keys of details; one that is missing here is shown as it is.
DETAILS: dict[str, Promise] = {
    "role": _("Role"),
    "area": _("Place"),
    "department": _("Department"),
    "from": _("From"),
    "until": _("Until"),
    "tries": _("Tries"),
    "new": _("New"),
    "same": _("Same"),
    "refused": _("Refused"),
    "month": _("Month"),
    "found": _("Found"),
    "prefix": _("Key"),
    "scopes": _("Scopes"),
    "digest": _("Digest"),
    "form": _("Form"),
    "size": _("Size"),
    "code": _("Code"),
    "value": _("Value"),
}
# Names of the pages of subjects; those of packages above are reached by name only.
SUBJECT_PAGES: dict[str, str] = {
    "user": "staff:account",
    "household": "pages:household",
    "alert": "pages:alert",
    "import": "imports:detail",
    "run": "runs:detail",
}
