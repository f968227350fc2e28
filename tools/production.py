"""The site as it runs for the public, but on a throw-away folder and on this machine alone: for measuring it."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
Settings = dict[str, str]


def settings_in(folder: Path, *, port: int) -> Settings:
    """All settings, so that neither the shell's environment nor .env has a say; what is written goes to `folder`."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "off",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": f"http://{HOST}:{port}",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "0",
        "SITE_NAME": "",
        "SITE_OPERATOR": "Sample operator",
        "SITE_CONTACT": "contact@example.org",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": f"filemail://{folder}/letters",
        "DEFAULT_FROM_EMAIL": "directory@example.org",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
    }


def manage(settings: Settings, *arguments: str) -> None:
    """Run one command of manage.py, shown only if it fails."""
    command = [sys.executable, "manage.py", *arguments]
    answer = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"manage.py {arguments[0]} failed:\n{answer.stdout}{answer.stderr}")


def prepare(settings: Settings) -> None:
    """An empty site: tables, static files, cities."""
    manage(settings, "migrate", "--verbosity=0")
    manage(settings, "collectstatic", "--no-input", "--verbosity=0")
    manage(settings, "loadcities")


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def serve(settings: Settings, *, port: int, application: str = "config.wsgi") -> Iterator[None]:
    """Let gunicorn serve `application` with one process for as long as the block lasts."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}", "--threads", "4"]
    command += ["--keep-alive", "60", "--log-level", "error"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
    try:
        _wait_until_it_answers(server, port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    for _attempt in range(200):
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        try:
            connection.request("GET", "/health/live")
            connection.getresponse().read()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
        finally:
            connection.close()
    sys.exit("The server did not start.")
