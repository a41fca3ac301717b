"""``make bench``: each part in a database and a process of its own, tables as Markdown to the terminal and a file.

make bench              counties of 27,000 and 250,000 households, imports, lists, what is judged at once
make bench BENCH=1M     a million households as well
make bench ONLY=county:27000
"""

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()

from django.db import connection  # noqa: E402

from tests.bench import at_once, county, importing, judging, lists, report, reports, visit_lists, visits  # noqa: E402

PARTS = [
    "county:27000",
    "county:250000",
    "import:0",
    "import:200000",
    "lists",
    "visit_lists",
    "at_once",
    "reports",
    "visits",
]
REPORT = settings.BASE_DIR / "var" / "bench.md"


def run_part(name: str) -> None:
    """One part, in this process and database."""
    what, _colon, size = name.partition(":")
    if what == "county":
        county.fill(int(size))
        tables = judging.measure(int(size))
    elif what == "import":
        tables = importing.measure(int(size))
    else:
        others = {
            "lists": lists,
            "visit_lists": visit_lists,
            "at_once": at_once,
            "reports": reports,
            "visits": visits,
        }
        tables = others[what].measure()
    for table in tables:
        sys.stdout.write(table.markdown() + "\n")
        sys.stdout.flush()


def run_apart(name: str) -> str:
    """One part in a new database, which is dropped afterwards. Returns what it said."""
    database = "bench_" + name.replace(":", "_")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = os.environ | {
        "DATABASE_URL": url,
        "BENCH_PART": name,
        "DEBUG": "0",
        "ALLOWED_HOSTS": "testserver",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {database}")
        cursor.execute(f"CREATE DATABASE {database}")
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], env=environment, check=True)
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench"], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {database}")
    return done.stdout + f"({name}: {time.monotonic() - started:.0f} s with filling)\n"


def main() -> None:
    if part := os.environ.get("BENCH_PART"):
        return run_part(part)
    parts = os.environ.get("ONLY", "").split() or PARTS + ["county:1000000"] * (os.environ.get("BENCH") == "1M")
    said = [report.machine() + "\n"]
    sys.stdout.write(said[0] + "\n")
    for name in parts:
        said.append(run_apart(name))
        sys.stdout.write(said[-1] + "\n")
        sys.stdout.flush()
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text("\n".join(said), encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
