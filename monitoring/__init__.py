"""The project, the judgment, and every page or feed that looks at more than one package.

Imports ``households`` and ``alerts``; nobody imports it.
"""

from monitoring.celery import app as celery_app

__all__ = ["celery_app"]
