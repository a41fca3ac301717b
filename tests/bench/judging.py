"""The judgment of a county, stage by stage, beside the baseline; one and two workers; memory."""

import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from monitoring.judgment import shards
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from tests.bench import baseline
from tests.bench.county import JUNE
from tests.bench.report import Table, per_household

ROOT = Path(__file__).resolve().parents[2]
STAGES = {
    "build_household_months": "indicators",
    "raise_alerts": "alerts",
    "note_not_found": "alerts",
    "dispatch_raised": "alerts",
}
REPEATS = 3
WORKER = """
import resource, sys, django
django.setup()
from monitoring.judgment.running import work_run
work_run(int(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@contextmanager
def timed_stages() -> Iterator[dict[str, float]]:
    """Seconds by stage of whatever shards are judged in this process meanwhile."""
    seconds: dict[str, float] = defaultdict(float)
    originals = {name: getattr(shards, name) for name in STAGES}
    writers = shards.WRITERS

    def timed(function: Callable, stage: str) -> Callable:
        def call(*args, **kwargs):
            started = time.perf_counter()
            result = function(*args, **kwargs)
            seconds[stage] += time.perf_counter() - started
            return result

        return call

    for name, function in originals.items():
        setattr(shards, name, timed(function, STAGES[name]))
    shards.WRITERS = {reads: timed(writer, "findings") for reads, writer in writers.items()}
    yield seconds
    shards.WRITERS = writers
    for name, function in originals.items():
        setattr(shards, name, function)


def judge_here() -> tuple[JudgmentRun, dict[str, float]]:
    """A run of June worked by this process. Seconds by stage, and in all."""
    run = open_run(month=JUNE)
    with timed_stages() as seconds:
        started = time.perf_counter()
        work_run(run.pk)
        seconds["all"] = time.perf_counter() - started
    return run, dict(seconds)


def judge_with(workers: int) -> tuple[float, int]:
    """Wall seconds of a run shared by so many processes, and the largest memory of one in MB."""
    run = open_run(month=JUNE)
    started = time.perf_counter()
    processes = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(run.pk)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _number in range(workers)
    ]
    memory = [int(process.communicate()[0]) for process in processes]
    return time.perf_counter() - started, max(memory)


def measure(households: int) -> Iterator[Table]:
    first, first_seconds = judge_here()
    pairs = []
    for _repeat in range(REPEATS):
        bare_run, bare = baseline.run_baseline()
        run, seconds = judge_here()
        pairs.append((bare, seconds))
    months, findings = baseline.differences(bare_run, run)
    if months or findings:
        raise SystemExit(f"the baseline and the judgment differ in {months} household months, {findings} findings")
    bare = [sum(bare.values()) for bare, _seconds in pairs]
    ours = {
        stage: [seconds[stage] for _bare, seconds in pairs]
        for stage in ("indicators", "findings", "alerts", "all")
    }
    ratios = [(seconds["indicators"] + seconds["findings"]) / sum(bare.values()) for bare, seconds in pairs]
    whole = [seconds["all"] / sum(bare.values()) for bare, seconds in pairs]
    table = Table(f"{households:,} households: one process, µs a household (median of {REPEATS})", "", "µs", "s")
    table.add("bare SQL, indicators and findings", *per_household(bare, households))
    for stage, seconds in ours.items():
        table.add(stage if stage != "all" else "evidence → committed alerts", *per_household(seconds, households))
    table.add("the first run, which raises every alert", *per_household([first_seconds["all"]], households))
    table.add("indicators and findings / bare SQL", "", f"{statistics.median(ratios):.2f} ×")
    table.add("evidence → committed alerts / bare SQL", "", f"{statistics.median(whole):.2f} ×")
    table.add("findings", "", f"{first.findings.count():,}")
    yield table
    yield _workers(households)


def _workers(households: int) -> Table:
    table = Table(f"{households:,} households: workers", "", "s", "MB")
    for workers in (1, 2):
        seconds, memory = judge_with(workers)
        table.add(
            f"{workers} worker{'s' * (workers > 1)}, processes started included", f"{seconds:.1f}", str(memory)
        )
    table.add("memory of this process", "", str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    return table
