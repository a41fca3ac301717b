"""The one table of rights: what each role may do. Where it may do it is the posting's area (row scope)."""

from django.contrib.auth.backends import ModelBackend

from households.staff.models import Posting, Role

A, C, T, V, D, Z = (
    Role.COUNTY_ADMIN,
    Role.COUNTY_STAFF,
    Role.TOWNSHIP_STAFF,
    Role.VILLAGE_SPECIALIST,
    Role.DEPARTMENT_OFFICER,
    Role.AUDITOR,
)

RIGHTS: dict[str, frozenset[Role]] = {
    "home.view": frozenset({A, C, T, V, D, Z}),
    "alerts.view": frozenset({A, C, T, V, Z}),
    # What each level may decide is the table of moves (alerts.transitions).
    "alerts.move": frozenset({A, C, T, V}),
    "alerts.export": frozenset({A, C, T, V}),
    "reports.view": frozenset({A, C, T, V, Z}),
    # Who is in need and what was written, in full: whoever deals with it, as the villagers' page promises.
    "reports.read": frozenset({A, C, T, V}),
    "reports.enter": frozenset({A, C, T, V}),
    "reports.check": frozenset({A, C, T}),
    # The specialist knows best whose report it is, and calls back.
    "reports.match": frozenset({A, C, T, V}),
    "reports.answer": frozenset({A, C, T}),
    "areawide.view": frozenset({A, C, T, V, Z}),
    "areawide.manage": frozenset({A, C}),
    "households.view": frozenset({A, C, T, V, Z}),
    # A specialist reports what has changed through visits; who keeps the register sits at a desk.
    "households.edit": frozenset({A, C, T}),
    "visits.view": frozenset({A, C, T, V, Z}),
    "visits.add": frozenset({A, C, T, V}),
    # Change requests of visits, and uploads that were kept for review.
    "visits.decide": frozenset({A, C, T}),
    "campaigns.manage": frozenset({A, C, T}),
    "runs.view": frozenset({A, C, T, Z}),
    "runs.start": frozenset({A, C}),
    # Nothing is written, and whoever must be able to trust a result may ask.
    "runs.replay": frozenset({A, C, Z}),
    # For good.
    "runs.seal": frozenset({A}),
    # A department officer sees and uploads the lists of the own department only (Import.visible_to).
    "imports.view": frozenset({A, C, D, Z}),
    "imports.upload": frozenset({A, C, D}),
    "imports.match": frozenset({A, C}),
    # It withdraws alerts of the whole county, so no department does it for its own file.
    "imports.undo": frozenset({A, C}),
    # What became of the rows of a department; its officer sees those of the own one only.
    "feedback.view": frozenset({A, C, D, Z}),
    "figures.view": frozenset({A, C, T, V, Z}),
    "gaps.view": frozenset({A, C, T, V, Z}),
    # Of rules, never of people.
    "yield.view": frozenset({A, C, T, Z}),
    "thresholds.view": frozenset({A, C, T, Z}),
    "thresholds.manage": frozenset({A}),
    "calendar.view": frozenset({A, C, T, Z}),
    "calendar.manage": frozenset({A}),
    "accounts.view": frozenset({A, Z}),
    "accounts.manage": frozenset({A}),
    "clients.manage": frozenset({A}),
    # One's own notices; how they go out, and in which words.
    "notices.view": frozenset({A, C, T, V, D, Z}),
    "notices.manage": frozenset({A}),
    "audit.view": frozenset({A, Z}),
    "suggestions.add": frozenset({A, C, T, V, D, Z}),
    "suggestions.answer": frozenset({A}),
}


class PostingBackend(ModelBackend):
    """Signs in who is posted somewhere today; a session ends with the last posting."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and bool(user.current_postings)

    def get_user(self, user_id):
        """One query on every page: the postings of today bring their user along."""
        postings = list(Posting.objects.current().filter(user_id=user_id).select_related("user", "area"))
        if not postings:
            return None
        user = postings[0].user
        user.current_postings = postings
        return user if self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None):
        role = user_obj.role
        return role is not None and role in RIGHTS[perm]
