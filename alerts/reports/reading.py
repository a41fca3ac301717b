"""Who reads what of a report: the villagers' page promises that only whoever deals with it sees it."""

from alerts.reports.models import Report
from households.models import User
from households.privacy.mask import mask_name

MAY_READ = "reports.read"


def shown_name(report: Report, who: User) -> str:
    """The name in full for whoever deals with reports, the family name for everybody else."""
    return report.name if who.has_perm(MAY_READ) else mask_name(report.name)
