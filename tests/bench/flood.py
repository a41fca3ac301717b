"""A flood of reports from one address, in a process of its own: the bench must not wait for its own threads.

python -m tests.bench.flood PORT HOST REPORTS SECONDS THREADS VILLAGE…  Ends with 1 when one was not answered.
"""

import http.client
import random
import sys
import threading
import time
from urllib.parse import urlencode

HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def send(port: int, host: str, village: str, body: str) -> tuple[int, float]:
    """Status and seconds; status 0 where there was no answer."""
    started = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("POST", f"/v/{village}/", body, HEADERS | {"Host": host})
        answer = line.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        line.close()
    return status, time.perf_counter() - started


def _body(number: int) -> str:
    """Another phone, other words and another token each time: known by nothing but the mass."""
    dice = random.Random(number)
    return urlencode(
        {
            "name": "某人",
            "phone": f"13{dice.randrange(10**9):09}",
            "risk": "illness",
            "words": f"第{number}件：家里有人住院，花了{dice.randrange(100_000)}元，实在拿不出来了",
            "token": f"{number:022}",
        }
    )


def main() -> int:
    port, host, reports, seconds, threads = int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:6])
    villages = sys.argv[6:]
    bodies = [_body(number) for number in range(reports)]
    refused: list[int] = []
    began = time.perf_counter()

    def work(first: int) -> None:
        # Each report has its moment; a server that is late is not spared the next one.
        for number in range(first, reports, threads):
            time.sleep(max(0.0, began + number * seconds / reports - time.perf_counter()))
            status, _seconds = send(port, host, villages[number % len(villages)], bodies[number])
            if status != http.client.OK:
                refused.append(status)

    crowd = [threading.Thread(target=work, args=(first,)) for first in range(threads)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
