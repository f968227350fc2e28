"""`python -m tests.postgres COMMAND…` runs a command with a throw-away PostgreSQL, reached by a socket alone."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.machine import find_postgres

USER = "postgres"  # whom Debian's package makes; PostgreSQL refuses to run as root


def run_server_tool(tool: Path, *arguments: str) -> None:
    drop = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    answer = subprocess.run([tool, *arguments], cwd="/", check=False, stdout=subprocess.DEVNULL, **drop)
    if answer.returncode:
        sys.exit(f"{tool.name} failed, see above.")


@contextmanager
def throw_away_postgres(binaries: Path) -> Iterator[dict[str, str]]:
    """Starts a server with an empty database “app”; gives the environment with which to reach it."""
    folder = Path(tempfile.mkdtemp(prefix="directory-postgres-", dir="/tmp"))  # a socket's path must be short
    data = ["-D", str(folder / "data")]
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        settings = f"-k {folder} -c listen_addresses= -c fsync=off"
        encoding = ["--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run_server_tool(binaries / "initdb", *data, "-U", "app", *encoding)
        run_server_tool(binaries / "pg_ctl", *data, "-w", "-s", "-l", str(folder / "log"), "-o", settings, "start")
        reached_by = {"PGHOST": str(folder), "PGUSER": "app"}
        subprocess.run([binaries / "createdb", "app"], env=os.environ | reached_by, check=True)
        yield reached_by | {"DATABASE_URL": "postgres:///app", "TEST_DATABASE_URL": "postgres:///app"}
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave the server behind
        if (folder / "data" / "postmaster.pid").exists():
            run_server_tool(binaries / "pg_ctl", *data, "-w", "-s", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    binaries = find_postgres()
    if not binaries:
        sys.exit("No PostgreSQL server on this machine (Debian's package: postgresql).")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with (
        throw_away_postgres(binaries) as reached_by,
        subprocess.Popen(sys.argv[1:], env=os.environ | reached_by) as process,
    ):
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:
            sys.exit("Stopped.")
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
