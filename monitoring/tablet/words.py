"""What the tablet says, by key; it has no catalogue of its own.

``{placeholders}`` are filled in on the tablet (``static/js/tablet/words.js``). Keys that end in a code of another
declaration (``state_``, ``verdict_``, ``level_`` …) are looked up by it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.travel.models import Reason

WORDS: dict[str, str | Promise] = {
    # Start
    "menu": _("Menu"),
    "hello": _("Hello, {name}"),
    "cannot_insecure": _(
        "The address does not begin with https://. Without it a browser neither encrypts nor keeps anything."
    ),
    "cannot_no_crypto": _("This browser cannot encrypt what it keeps."),
    "cannot_no_database": _("This browser keeps nothing: it may be a private window, or storage is switched off."),
    "cannot_no_worker": _("This browser cannot open the page without a network."),
    "cannot_chat_browser": _("This is the browser inside a chat program. It throws away what a page keeps."),
    "cannot_nearly_full": _(
        "This tablet has hardly any free space. Delete videos or programs that are not needed."
    ),
    "setting_up": _("Setting up this tablet …"),
    "pulling": _("Fetching my households …"),
    "pin_short": _("The PIN needs {least} characters or more."),
    "pin_differs": _("The two PINs are not the same."),
    "pin_wrong": _("That is not the PIN."),
    "pin_wrong_wait": _("That is not the PIN. Try again in {seconds} seconds; nothing is deleted."),
    "pin_early": _("Wait {seconds} more seconds, then try again."),
    "pin_changed": _("The PIN was changed."),
    "did_not_work": _("That did not work. Please try again."),
    "back": _("Back"),
    "really": _("Really throw away?"),
    "language_needs_sign_in": _("Sign in first, then change the language."),
    "language_needs_network": _("Changing the language needs a network."),
    # line at the top
    "ready": _("Ready"),
    "up_to_date": _("Households as of {when}. Everything has been sent."),
    "waits": _("{count} to send"),
    "sending_now": _("Sending …"),
    "offline": _("No network. You can go on visiting; it is sent when there is one."),
    "offline_unsent": _("No network. You can go on visiting; {count} will be sent when there is one."),
    "session_over": _("You are signed out. You can go on visiting; sign in again to send."),
    "session_over_unsent": _("You are signed out. {count} wait here and are sent when you have signed in again."),
    "other_person": _(
        "Somebody else is signed in in this browser. {name}'s visits stay here: "
        "at the desk, sign out and in as {name}."
    ),
    "posting_ended": _("Your posting has ended. The households are removed from this tablet."),
    "posting_ended_unsent": _(
        "Your posting has ended. Not handed over to the township yet: {what}. "
        "When they are sent, finished or thrown away, the households are removed from this tablet."
    ),
    "forbidden": _("Your account may not send visits. Ask the county administrator; your work stays here."),
    "first_password": _("Choose a password of your own at the desk first; your work stays here."),
    "server_error": _("The server answers with an error. Your work stays here and is tried again."),
    "storage_full": _(
        "This tablet is full. Nothing kept is lost. Send what waits, delete photos or videos, then go on."
    ),
    "clock_behind": _(
        "The clock of this tablet is {by} behind. Set it right; days of visits are corrected when sent."
    ),
    "clock_ahead": _(
        "The clock of this tablet is {by} ahead. Set it right; days of visits are corrected when sent."
    ),
    "minutes": _("{count} minutes"),
    "hours": _("{count} hours"),
    "days": _("{count} days"),
    "new_version": _("A new version of this page is ready. Nothing waiting is lost."),
    "newer_page": _("Another tab has opened a newer version. Load this page again; nothing is lost."),
    "use_it": _("Use it"),
    "load_again": _("Load again"),
    "sign_in": _("Sign in"),
    "to_the_desk": _("To the desk"),
    "outbox": _("Outbox"),
    "fetched": _("Households fetched: {pulled} villages renewed, {same} unchanged."),
    "not_fetched": _("The server cannot be reached; the households stay as they were."),
    # Words of time and amounts
    "day": _("{month}/{date}"),
    "day_of_year": _("{year}-{month}-{date}"),
    "month_of_year": _("{year}-{month}"),
    "yuan": _("{amount} yuan"),
    "unknown": _("not known"),
    "yes": _("Yes"),
    "no": _("No"),
    "comma": _(", "),
    "optional": _("(if any)"),
    "choose": _("Choose …"),
    # The list
    "households": _("{count} households"),
    "found": _("{count} of {of} households"),
    "no_hamlet": _("Hamlet not known"),
    "no_households": _("No households"),
    "no_households_why": _(
        "No household stands on this tablet. With a network, choose Fetch my households again in the menu."
    ),
    "nobody_found": _("Nobody found"),
    "nobody_found_why": _("Try fewer letters, or take a filter away."),
    "overdue_by": _("{days} days overdue"),
    "due_today": _("Due today"),
    "due_in": _("Due in {days} days, {day}"),
    "due_later": _("By {day}"),
    "visited_on": _("Visited {day}"),
    "unsent": _("Unsent"),
    "draft": _("Draft"),
    "level_red": _("Red"),
    "level_yellow": _("Yellow"),
    "level_blue": _("Blue"),
    "level_count": _("{level} {count}"),
    # The household
    "last_on": _("last visited {day}"),
    "draft_of": _("A visit was begun here, last written {when}."),
    "visit_waits": _("A visit to this household waits to be sent."),
    "not_here": _("This household is not on this tablet"),
    "not_here_why": _("It may have moved to another village. What you wrote of it stays in the outbox."),
    "back_to_list": _("Back to the list"),
    "broken_view": _("This page cannot be shown"),
    "broken_view_words": _("Nothing is lost, and what waits is sent all the same."),
    "done": _("Visit to {head} kept"),
    "done_words": _("It is sent on its own when there is a network."),
    "too_late": _("It has been sent already."),
    "visited_just_now": _("Visited just now. Once more?"),
    "campaigns": _("Campaign"),
    "open_alerts": _("Open alerts"),
    "no_alerts": _("No open alerts"),
    "verify_by": _("verify by {day}"),
    "last_visit": _("Last visit"),
    "never_visited": _("Not visited yet"),
    "finished_elsewhere": _("Not kept: this visit was finished in another tab. Write it down as another visit."),
    "no_words": _("Nothing was noted."),
    "measures": _("Help measures"),
    "members": _("Members"),
    "register": _("Register"),
    "figures": _("Last figures"),
    "no_figures": _("Not judged yet"),
    "last_income": _("Last income"),
    "judged_month": _("Month"),
    "net_per_head": _("Net income per head, 12 months"),
    "house_grade": _("Grade of the house"),
    "safe_water": _("Safe drinking water"),
    "open_requests": _("Change requests that wait"),
    "age": _("{age} years"),
    "months": _("{count} months"),
    "not_insured": _("no medical insurance"),
    "until": _("until {day}"),
    # The form
    "register_says": _("Register: {value}"),
    "line": _("Line {number}"),
    "add_line": _("Add a line"),
    "say_it": _("It has changed"),
    "month_before": _("{month}: {amount}"),
    "risks_found": _("Risks found at the door"),
    "risks_raise_alerts": _("Each raises an alert. Say below what you saw."),
    "verdict_of": _("Verdict on {name}"),
    "verdict_confirmed": _("Risk confirmed"),
    "verdict_no_risk": _("No risk"),
    "verdict_unclear": _("Cannot tell yet"),
    "not_now": _("Not verified today"),
    "which_risks": _("Which risks"),
    "why_no_risk": _("Why there is no risk"),
    "note": _("Note"),
    "photo": _("Photo {number}"),
    "not_a_photo": _("This file is no picture that the browser can read."),
    "draft_kept": _("Kept on this tablet {when}"),
    "thrown_away": _("The draft was thrown away."),
    "shrinking": _("Making the photo smaller …"),
    "household_left": _(
        "This household is not on this tablet any more. Go on writing; what you finish is kept for review, "
        "or throw it away."
    ),
    "mend_these": _("{count} things are to be mended."),
    # The outbox
    "unsent_visits": _("{count} visits"),
    "unsent_photos": _("{count} photos"),
    "unsent_drafts": _("{count} drafts"),
    "all_sent": _("Everything has been sent."),
    "still_here": _("{visits} visits and {photos} photos are not sent yet."),
    "next_try": _("Next try in {seconds} seconds."),
    "sent_all": _("Everything has been sent."),
    "sent_some": _("{stored} stored, {left} still wait."),
    "outbox_empty": _("Nothing waits"),
    "outbox_empty_why": _("Visits appear here, with the receipt number of the server."),
    "to_mend": _("To be mended"),
    "to_send": _("To be sent"),
    "drafts": _("Drafts"),
    "kept_for_review": _("Kept for review"),
    "stored": _("Stored"),
    "state_draft": _("Draft"),
    "state_waiting": _("Waits to be sent"),
    "state_sending": _("Sending"),
    "state_stored": _("Stored"),
    "state_held": _("Kept for the township"),
    "state_refused": _("Came back"),
    "state_conflict": _("Conflict"),
    "receipt": _("Receipt {number}"),
    "household_number": _("Household {number}"),
    "unchanged": _("Nothing has changed"),
    "photos_wait": _("{count} photos wait"),
    "at_field": _("{field}: {sentence}"),
    "answer_same": _("{field}: “{said}”, as in the register."),
    "answer_added": _("{field}: “{said}”, added to the register."),
    "answer_asked": _("{field}: the register says “{stood}” meanwhile; your “{said}” waits for the township."),
    "answer_accepted": _("{field}: “{said}”, accepted."),
    "answer_declined": _("{field}: “{said}”, not accepted; the register says “{stood}”."),
    "mend": _("Mend"),
    "unreadable": _("A visit that this tablet cannot read any more"),
    "let_go": _("Throw away"),
    "continue_draft": _("Continue"),
    "send_as_new": _("Send as another visit"),
    "conflict_words": _("The server has another version of this visit. Both are kept for a person to see."),
    "too_large": _("It is too large for the server. Remove photos or shorten the words."),
    # Leaving
    "leave_nothing_unsent": _("Everything has been sent."),
    "leave_unsent": _("Not sent yet: {what}."),
    "leave_not_yet": _(
        "You stay signed in, nothing was removed. {what} Send it, or finish or throw away the drafts."
    ),
    "leave_needs_network": _("Signing out needs a network. Lock the tablet until then."),
    # Why there is no risk
    **{f"reason_{value}": label for value, label in Reason.choices},
}
