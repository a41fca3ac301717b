"""Writers and publishers at the same time."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection


class Crew:
    """Threads with their own connections. A thread that fails, fails the test in ``join``."""

    def __init__(self):
        self.threads: list[threading.Thread] = []
        self.failures: list[BaseException] = []

    def start(self, work: Callable[[], object], times: int = 1) -> None:
        for _i in range(times):
            thread = threading.Thread(target=self._run, args=(work,))
            self.threads.append(thread)
            thread.start()

    def _run(self, work):
        try:
            work()
        except Exception as error:  # noqa: BLE001  a thread's failure must fail the test
            self.failures.append(error)
        finally:
            connection.close()

    def join(self) -> None:
        for thread in self.threads:
            thread.join(60)
        assert not self.failures
        assert not any(thread.is_alive() for thread in self.threads)


@pytest.fixture
def crew() -> Crew:
    return Crew()
