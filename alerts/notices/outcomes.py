"""How a try to send may end, besides well. A stored code is all that is kept of it, never an answer's text."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ERRORS: dict[str, Promise] = {
    "mail_unreachable": _("The mail server cannot be reached or does not let us in"),
    "mail_refused": _("The mail server refused this message"),
    "gateway_unreachable": _("The gateway cannot be reached"),
    "gateway_refused": _("The gateway refused"),
    "gateway_redirects": _("The gateway leads to another address, which is not followed"),
    "forbidden_address": _("The gateway's name leads to an address that is not allowed"),
    "no_secret": _("The variable with the gateway's secret is not set"),
    "no_answer": _("It was handed over and no clear answer came"),
    "malformed": _("The address or the body cannot be sent as it stands"),
    "sender_stopped": _("The sender stopped between sending and noting"),
    "sent_again": _("Sent again with the same number after the sender had stopped"),
    "has_left": _("The recipient is not posted any more"),
    "not_reachable": _("The recipient has taken back the address or number"),
    "gateway_closed": _("The gateway was switched off"),
    "dropped": _("Dropped by hand"),
    "arrived": _("Noted by hand as arrived"),
}


class NotSent(Exception):
    """It certainly did not arrive: it is tried again. ``way_is_down``: others by this way would fare no better."""

    def __init__(self, code: str, *, way_is_down: bool = False):
        super().__init__(code)
        self.code = code
        self.way_is_down = way_is_down


class InDoubt(Exception):
    """It may have arrived. Nothing goes out twice unless a person says so."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class NotWanted(Exception):
    """There is nobody to send it to any more."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
