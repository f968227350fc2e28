"""`make run`: the whole site on this machine, to try it out. Ctrl-C ends all of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from types import FrameType

import django
import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from tools.catalogues import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def read_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def demand_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # or the last run's closed connections count
        try:
            probe.bind((HOST, port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port % 65535 + 1}")


def load_settings(port: int) -> None:
    """A value of the environment or of .env goes before what is only good for trying out."""
    environ.Env.read_env(ROOT / ".env")
    os.environ.setdefault("DEBUG", "on")
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("PYTHONUNBUFFERED", "1")  # letters are shown as they come, also in a pipe
    os.environ.setdefault("DJANGO_RUNSERVER_HIDE_WARNING", "true")  # that it is no server for the public: docs say so
    try:
        if not settings.DEBUG:
            sys.exit("make run is for trying the site out and needs DEBUG=on; for the public see docs/deploy.md.")
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def fill_database() -> None:
    call_command("migrate", verbosity=0)
    call_command("loadcities")
    call_command("demodata", if_empty=True)


def describe(port: int) -> str:
    site = f"http://{HOST}:{port}"
    letters = settings.LETTERS_FOLDER or settings.EMAIL_HOST or settings.EMAIL_BACKEND
    return (
        f"\n  The site      {site}/"
        f"\n  The form      {site}/en/submit/"
        f"\n  Moderation    {site}/admin/"
        f"\n  Letters       {letters}"
        "\n  To stop       Ctrl-C\n"
    )


def is_answering(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def stop(processes: Collection[subprocess.Popen[bytes]]) -> None:
    """Ends each process with all that it started: the server has a child that watches the code."""
    for force in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            try:
                os.killpg(process.pid, force)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and any(process.poll() is None for process in processes):
            time.sleep(0.05)


def watch(processes: dict[str, subprocess.Popen[bytes]], port: int) -> str:
    """Waits until one of the processes ends, or whoever started this one is gone. Returns what happened."""
    parent, is_described = os.getppid(), False
    while os.getppid() == parent:
        for name, process in processes.items():
            if process.poll() is not None:
                return f"{name} ended by itself, with {process.returncode}: see above."
        if not is_described and is_answering(port):
            call_command("firstmoderator")
            print(describe(port), flush=True)
            is_described = True
        time.sleep(0.3)
    return "Whoever started the site is gone."


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve(port: int) -> None:
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, argument in (("runserver", f"{HOST}:{port}"), ("sendletters", "--watch")):
            command = [sys.executable, "manage.py", name, argument]
            processes[name] = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        sys.exit(watch(processes, port))
    finally:
        for number in ENDINGS:  # a second Ctrl-C must not leave a process behind
            signal.signal(number, signal.SIG_IGN)
        stop(processes.values())


def main() -> None:
    port = read_port()
    demand_free_port(port)
    compile_catalogues()
    load_settings(port)
    fill_database()
    serve(port)


if __name__ == "__main__":
    for ending in ENDINGS:
        # A shell starts its background jobs with SIGINT ignored; with SIGHUP only where somebody said nohup.
        if ending != signal.SIGHUP or signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, interrupt)
    try:
        main()
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
