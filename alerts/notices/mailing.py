"""Notices by e-mail, through the mail server of ``EMAIL_URL``."""

import smtplib
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from alerts.notices.models import Notice
from alerts.notices.outcomes import NotSent, NotWanted
from alerts.notices.wording import Words

# What the server says of this one message; anything else is said of us or of the server.
OF_THE_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


def link_of(notice: Notice) -> str:
    return f"{settings.SITE_URL}{notice.path}" if settings.SITE_URL and notice.path else ""


def message_id(notice: Notice) -> str:
    """The same for every try, so that a mail program shows a repeated message once."""
    return f"<{notice.uid}@{urlsplit(settings.SITE_URL).hostname or 'notices.invalid'}>"


def _message(notice: Notice, words: Words) -> EmailMessage:
    link = link_of(notice)
    with override("zh-hans"):
        closing = _("This message was sent by %(site)s. Please do not answer it.") % {"site": settings.SITE_NAME}
    return EmailMessage(
        subject=words.title,
        body="\n\n".join(part for part in (words.text, link, closing) if part),
        to=[notice.recipient.email],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
    )


class Mailing:
    """One connection for all messages of a call; opened with the first."""

    def __init__(self) -> None:
        self.connection = get_connection()

    def send(self, notice: Notice, words: Words) -> None:
        """Raises ``NotSent`` or ``NotWanted``."""
        if not notice.recipient.email:
            raise NotWanted("not_reachable")
        try:
            self.connection.open()
            self.connection.send_messages([_message(notice, words)])
        except OF_THE_MESSAGE as error:
            self.close()
            raise NotSent("mail_refused") from error
        except OSError as error:
            self.close()
            raise NotSent("mail_unreachable", way_is_down=True) from error

    def close(self) -> None:
        with suppress(OSError):
            self.connection.close()
