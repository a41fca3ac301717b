"""``make demo``: the engines, a worker, the beat and the web server under one supervisor, in ``var/``.

Everything that runs is real: what a county runs behind TLS runs here on the loopback address. Whichever way the
supervisor ends, nothing stays: its children ask the kernel to be killed with it, and a guard stops the engines.
"""

import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from monitoring import engines
from monitoring.demo.keys import local_keys

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
MANAGE = [sys.executable, "manage.py"]
CELERY = [sys.executable, "-m", "celery", "-A", "monitoring"]
SECONDS_TO_STOP = 8
LIBC = ctypes.CDLL(None)  # loaded here: nothing may be loaded between fork and exec
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
# The villagers' page has processes and a port of its own: a flood of reports queues there. Browsers lead each
# name under localhost to this machine.
PUBLIC_HOST, PORTS_APART = "report.localhost", 100
BEGAN = time.monotonic()


class DemoError(Exception):
    """The demo cannot go on; the text says why."""


class Stopped(BaseException):
    """Ctrl-C or SIGTERM. No Exception: nothing on the way may take it for its own failure."""


def say(zh: str, en: str) -> None:
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {zh} / {en}", flush=True)


def _kernel_signals_with_parent(number: signal.Signals) -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, int(number))


def _reap() -> None:
    """The engines are daemons: once ended they are ours (see main) and would stay in the process table."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def post_fork(_arbiter: object, _worker: object) -> None:
    """gunicorn's hook (this module is its configuration): its workers go with it at once, not after a time-out."""
    _kernel_signals_with_parent(signal.SIGKILL)


@dataclass
class Child:
    """One process in a process group of its own, so that the terminal's Ctrl-C reaches the supervisor alone."""

    name: str
    words: list[str]
    env: dict[str, str]
    to_terminal: bool = False  # what it says on standard output; the rest goes to its log
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    failures: int = 0
    due: float | None = None  # when a dead one is started again

    @property
    def log(self) -> Path:
        return VAR / "log" / f"{self.name}.log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own words only
                self.words,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=None if self.to_terminal else log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: _kernel_signals_with_parent(signal.SIGKILL),  # one thread here
            )
        self.started, self.due = time.monotonic(), None

    def code(self) -> int | None:
        return self.process.poll() if self.process else None

    def last_lines(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-6:])

    def end(self, number: signal.Signals) -> None:
        """Politely to the process itself, which ends its own; the last word to the whole group."""
        if self.process is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        except ProcessLookupError:
            pass


def _ports() -> tuple[int, int]:
    """That of the pages, and that of the villagers' page."""
    port = _free_port(os.environ.get("PORT") or "8000")
    return port, _free_port(str(port + PORTS_APART if port + PORTS_APART < 65536 else port - PORTS_APART))


def _free_port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DemoError(
            f"PORT 应为 1 至 65535 的数，不是 {text}。 PORT must be a number from 1 to 65535, not {text}."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            raise DemoError(
                f"不允许使用端口 {text}，请换一个：PORT=8001 make demo。 Port {text} is not allowed here, "
                "choose another: PORT=8001 make demo."
            ) from None
        except OSError:
            other = 8001 if text != "8001" else 8002
            raise DemoError(
                f"端口 {text} 已被占用，请换一个：PORT={other} make demo。 Port {text} is taken, "
                f"choose another: PORT={other} make demo."
            ) from None
    return int(text)


def _seed_options() -> list[str]:
    demo, month = os.environ.get("DEMO", ""), os.environ.get("MONTH", "")
    if demo not in ("", "full"):
        raise DemoError(f"DEMO 只能是 full，不是 {demo}。 DEMO can only be full, not {demo}.")
    return [*(["--full"] if demo else []), *(["--month", month] if month else [])]


@dataclass
class Demo:
    port: int
    public_port: int
    seed_options: list[str]
    lock: IO[str]
    env: dict[str, str] = field(default_factory=dict)
    services: list[Child] = field(default_factory=list)  # started again when they die
    steps: list[Child] = field(default_factory=list)  # run to their end
    guard: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def own_engines(self) -> bool:
        return not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys()

    def up(self) -> None:
        # Production's settings, but for TLS: there is none on the loopback address.
        self.env = {"DEBUG": "0", "SECURE_TLS": "0", "PUBLIC_HOST": f"{PUBLIC_HOST}:{self.public_port}"}
        self.env |= local_keys(VAR) | dict(os.environ)
        self.env |= {"VAR_DIR": str(VAR), "PYTHONUNBUFFERED": "1"}
        if self.own_engines:
            self.guard = engines.guard(VAR)  # before the engines, so that they are never without one
            self.env = engines.start(VAR).environment | self.env
            say("PostgreSQL 和 Valkey 已启动", "PostgreSQL and Valkey are up")
        self.run_steps(
            self.child("migrate", [*MANAGE, "migrate", "--no-input", "--skip-checks"]),
            self.child("messages", [*MANAGE, "compile_catalogues"]),
            self.child("static", [*MANAGE, "collectstatic", "--no-input"]),
        )
        say("数据库结构、语言和静态文件就绪", "Tables, languages and static files are ready")
        self.serve(self.worker(), self.web("web", self.port), self.web("public", self.public_port))
        say(
            "后台和网页服务正在启动，同时准备演示县",
            "Worker and web are starting, the demo county is prepared",
        )
        seed = self.child("seed", [*MANAGE, "seed_demo", "--wait", *self.seed_options])
        seed.to_terminal = True
        self.run_steps(seed)
        self.serve(self.beat())  # last: nothing above waits for it
        self.wait_for(self.answers, 60, "网页服务没有应答", "The web server does not answer")
        villagers = f"http://{self.env['PUBLIC_HOST']}"
        say(f"群众上报页面：{villagers}", f"The villagers' report page: {villagers}")
        say(f"就绪：{self.address}（按 Ctrl-C 停止）", f"Ready: {self.address} (Ctrl-C stops everything)")

    def child(self, name: str, words: list[str]) -> Child:
        return Child(name, words, self.env)

    def worker(self) -> Child:
        words = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        return self.child("worker", [*CELERY, "worker", *words])

    def beat(self) -> Child:
        words = ["--schedule", str(VAR / "celerybeat-schedule"), "--pidfile", "", "--loglevel", "INFO"]
        return self.child("beat", [*CELERY, "beat", *words])

    def web(self, name: str, port: int) -> Child:
        words = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--preload", "--no-control-socket"]
        # Putting a file of the largest size into the register takes longer than gunicorn's thirty seconds.
        words += ["--timeout", "300"]
        config = "python:monitoring.demo.serve"  # post_fork above
        return self.child(name, [sys.executable, "-m", "gunicorn", "monitoring.wsgi", "--config", config, *words])

    def serve(self, *services: Child) -> None:
        for service in services:
            self.services.append(service)
            service.start()

    def run_steps(self, *steps: Child) -> None:
        """All at once; each must succeed."""
        for step in steps:
            self.steps.append(step)
            step.start()
        while any(step.code() is None for step in steps):
            self.revive()
            time.sleep(0.05)
        for step in steps:
            if step.code():
                raise DemoError(
                    f"{step.name} 失败，日志 {step.log}： {step.name} failed, see its log:\n{step.last_lines()}"
                )

    def wait_for(self, done: Callable[[], bool], seconds: float, zh: str, en: str) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            self.revive()
            if time.monotonic() > deadline:
                raise DemoError(f"{zh}，见 {VAR / 'log'}。 {en}, see {VAR / 'log'}.")
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/healthz")
            return line.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False

    def watch(self) -> NoReturn:
        while True:
            time.sleep(0.5)
            if self.own_engines and engines.running(VAR) is None:
                say("数据库或消息服务停了，重新启动", "An engine stopped, starting it again")
                engines.start(VAR)
            self.revive()

    def revive(self) -> None:
        """A service that died is started again: at once, then after 2, 4 … 30 seconds while it keeps dying."""
        now = time.monotonic()
        for child in self.services:
            if child.due is None and child.code() is not None:
                child.failures = child.failures + 1 if now - child.started < 60 else 0
                wait = min(30, 2**child.failures) if child.failures else 0
                child.due = now + wait
                say(
                    f"{child.name} 退出（{child.code()}），{wait} 秒后重启",
                    f"{child.name} ended, again in {wait} s",
                )
                print(child.last_lines(), flush=True)
            if child.due is not None and now >= child.due:
                child.start()

    def down(self) -> None:
        left = [child for child in (*self.services, *self.steps) if child.process and child.code() is None]
        for child in left:
            child.end(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while any(child.code() is None for child in left) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in left:
            child.end(signal.SIGKILL)
        if self.guard:
            self.guard.communicate()  # closes its input; it stops the engines and ends
        _reap()


def _only_one(url: str) -> IO[str]:
    """One demo a checkout: two would share the engines, and the first to end would stop the other's."""
    VAR.mkdir(exist_ok=True)
    lock = (VAR / "demo.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        where = lock.read().strip()
        raise DemoError(
            f"此目录的演示已在运行：{where}。 The demo of this folder runs already: {where}."
        ) from None
    lock.truncate(0)
    lock.write(url)
    lock.flush()
    return lock


def _keep_last_logs() -> None:
    folder = VAR / "log"
    folder.mkdir(exist_ok=True)
    for log in folder.glob("*.log"):
        log.replace(log.with_suffix(".log.1"))


def _stop(*_: object) -> None:
    raise Stopped


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    if "MAKELEVEL" in os.environ:  # killed make: nobody is left who could press Ctrl-C
        _kernel_signals_with_parent(signal.SIGTERM)
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
    demo = None
    try:
        url = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
        lock = _only_one(url)
        demo = Demo(*_ports(), _seed_options(), lock)
        _keep_last_logs()
        demo.up()
        demo.watch()
    except Stopped:
        say("正在停止", "Stopping")
        return 0
    except (DemoError, engines.EnginesError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except PermissionError as error:
        print(f"无权写入 {error.filename}。 Not allowed to write {error.filename}.", file=sys.stderr, flush=True)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if demo:
            demo.down()
            say("已全部停止", "Everything is stopped")


if __name__ == "__main__":
    sys.exit(main())
