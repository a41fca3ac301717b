"""A server that answers as a test wants: what a real one does on its worst days, at will."""

import datetime as dt
import json
import re

SHA = r"[0-9a-f]{64}"


class FakeServer:
    """Answers everything below ``/tablet/api/`` of the tabs of a context, until told otherwise.

    ``answer``: (path, payload) → (status, body) | "drop" | "hold" | None; asked first, None leaves it to the usual
    answer. What is on ``hold`` is answered by ``release()``.
    ``visits``: uid → payload of what is stored; ``calls``: (path, number of visits) in order.
    """

    def __init__(self, context, user: int = 7):
        self.user = {"id": user, "name": "向导员"}
        self.villages: dict[str, list[int]] = {"420527103204": [1, 2]}
        self.visits: dict[str, dict] = {}
        self.photos: list[str] = []
        self.calls: list[tuple[str, int]] = []
        self.headers: list[dict] = []
        self.behind_seconds = 0.0
        self.key: str | None = "12.secret"
        self.answer = lambda path, payload: None
        self.held: list = []
        context.route("**/tablet/api/**", self._route)

    def sent(self) -> list[int]:
        """Sizes of the batches, in order."""
        return [count for path, count in self.calls if path == "visits/"]

    def _route(self, route):
        request = route.request
        path = re.sub(r"\?.*", "", request.url.split("/tablet/api/")[1])
        is_json = "json" in request.headers.get("content-type", "")
        payload = json.loads(request.post_data) if is_json and request.post_data else {}
        self.calls.append((path, len(payload.get("visits", []))))
        self.headers.append(request.headers)
        answer = self.answer(path, payload) or self._usual(path, payload, request.headers)
        if answer == "drop":
            return route.abort("connectionreset")
        if answer == "hold":
            return self.held.append((route, path, payload))
        return self._told(route, path, answer)

    def release(self):
        """Answers what was held as usual."""
        self.answer = lambda path, payload: None
        for route, path, payload in self.held:
            self._told(route, path, self._usual(path, payload, route.request.headers))
        self.held = []

    def _told(self, route, path, answer):
        status, body = answer
        if isinstance(body, str):
            return route.fulfill(status=status, body=body, content_type="text/html")
        headers = {"ETag": f'"{len(str(body))}"'} if path.startswith("villages/") else {}
        return route.fulfill(status=status, json=body, headers=headers)

    def _usual(self, path, payload, headers):
        if path == "me":
            return 200, self.me()
        if path.startswith("villages/"):
            return self._village(path.split("/")[1], headers)
        if re.search(SHA, path):
            self.photos.append(re.search(SHA, path)[0])
            return 200, {"outcome": "stored", "again": False, "sentence": "", "code": ""}
        return 200, {"answers": [self.stored(visit) for visit in payload["visits"]]}

    def me(self) -> dict:
        villages = [{"code": code, "name": code} for code in self.villages]
        key = {"hand_over_key": self.key} if self.key else {}
        return {"user": self.user, "villages": villages, "server_time": self._now(), "form": 1} | key

    def _now(self) -> str:
        return (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.behind_seconds)).isoformat()

    def _village(self, code, headers):
        households = [{"id": number, "head": f"H{number}", "hamlet": ""} for number in self.villages[code]]
        body = {
            "village": {"code": code, "name": code},
            "pulled_at": "",
            "households": households,
            "campaigns": [],
        }
        if headers.get("if-none-match") == f'"{len(str(body))}"':
            return 304, {}
        return 200, body

    def stored(self, visit: dict) -> dict:
        again = visit["uid"] in self.visits
        self.visits[visit["uid"]] = visit
        number = list(self.visits).index(visit["uid"]) + 1
        return {"uid": visit["uid"], "outcome": "stored", "receipt": number, "again": again, "sentence": ""}
