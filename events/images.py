"""Bytes in, clean pictures out.

A picture from a stranger is decoded and drawn anew from its pixels alone: place, camera, comments, colour profile, a
second picture, a video or bytes after the end never reach what is stored. A file that also reads as an archive, a PDF
or a web page would come out clean too, but is refused, so that the person learns of it. All of that is done by
`redraw` in a process of its own; this module starts it, and trusts nothing that it says.

A stored picture is a random name, a folder `pictures/<name>/`, and files in it named by their true width in pixels:
`480.avif`, `960.avif`, `1600.avif` and `960.jpg`; of a picture 700 pixels wide, which is never enlarged, `480.avif`,
`700.avif` and `700.jpg`. So the name and the width of the largest give a whole `srcset`: see `widths` and `path`.
"""

import contextlib
import logging
import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext_lazy as _

from events import redraw
from events.redraw import JPEG_WIDTH, MAX_PIXELS, WIDTHS, CleanPicture, jpeg_width, widths  # noqa: F401 - used as ours

MAX_BYTES = 8 * 1024 * 1024
SUFFIXES = frozenset(
    [f"{width}.avif" for width in range(1, WIDTHS[-1] + 1)] + [f"{width}.jpg" for width in range(1, JPEG_WIDTH + 1)]
)

# The numbers in the sentences are those above.
TOO_LARGE = _("This file is larger than 8 MB. Make the picture smaller and upload it again.")
TOO_MANY_PIXELS = _("This picture has more than 40 megapixels. Make it smaller and upload it again.")
UNKNOWN_FORMAT = _("This is not a JPEG, PNG or WebP picture. Save it as JPEG and upload it again.")
ANIMATED = _("This picture is animated. Upload a still picture instead.")
DAMAGED = _("This picture is damaged or incomplete. Open it, save it again as JPEG and upload the new file.")
OTHER_DATA = _("This file holds more than a picture. Save the picture again as JPEG and upload the new file.")
NO_ROOM = _("The picture could not be stored just now. Try again in a few minutes, or send the event without it.")

_SENTENCES: dict[str, object] = {
    redraw.Reason.TOO_MANY_PIXELS: TOO_MANY_PIXELS,
    redraw.Reason.UNKNOWN_FORMAT: UNKNOWN_FORMAT,
    redraw.Reason.ANIMATED: ANIMATED,
    redraw.Reason.DAMAGED: DAMAGED,
    redraw.Reason.OTHER_DATA: OTHER_DATA,
}

_FOLDER = "pictures"
_NAME = re.compile(r"[0-9a-f]{32}")

# -P: nothing is imported from where the site was started, nor from the folder of the module.
_COMMAND = (sys.executable, "-P", "-W", "ignore", "-m", redraw.__name__)
_HANDED_ON = ("LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")  # Python may not start without them
_DEADLINE = 60.0  # seconds, for a machine that is very busy; what works for nothing is ended by `redraw` itself
_MAX_ANSWER = 8 * 1024 * 1024  # bytes; pure noise in the largest size takes five
_MAX_LINE = 100  # bytes
# The largest picture takes hundreds of megabytes while it is decoded: one at a time for each process of the site.
_decoding = threading.Lock()
_log = logging.getLogger(__name__)


class BadPicture(ValueError):
    """The file cannot be taken; the message is one of the sentences above, for the person who sent it."""


class NotStored(Exception):
    """It is not the picture's fault: no room, or nobody to draw it; the message is a sentence for who sent it."""

    def __init__(self) -> None:
        super().__init__(NO_ROOM)


def clean(file: BinaryIO | bytes) -> CleanPicture:
    """The renditions of a JPEG, PNG or WebP, read from its beginning; whatever is wrong with it is a BadPicture.

    NotStored when the machine cannot look at pictures now.
    """
    stream = BytesIO(file) if isinstance(file, bytes) else file
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadPicture(TOO_LARGE)
    if not data:
        raise BadPicture(UNKNOWN_FORMAT)
    with _decoding:
        return _read_answer(_ask_for_redrawing(data))


def path(name: str, suffix: str) -> str:
    """Where the storage keeps one file of a picture; ValueError if name or suffix is not of our making."""
    if suffix not in SUFFIXES:
        raise ValueError(f"not a file of a picture: {suffix!r}")
    return f"{_folder(name)}/{suffix}"


def store(picture: CleanPicture) -> str:
    """Write all files, or none and raise NotStored; returns the picture's name, 32 random hexadecimal digits."""
    name = secrets.token_hex(16)
    try:
        for suffix, content in picture.files.items():
            _write(path(name, suffix), content)
    except BaseException as error:
        with contextlib.suppress(Exception):  # the first error says what is wrong, not that tidying failed too
            delete(name)
        if not isinstance(error, Exception):
            raise
        _log.exception("A picture could not be stored")  # each kind of storage has errors of its own
        raise NotStored from error
    return name


def exists(name: str, width: int) -> bool:
    """Whether the picture, whose largest rendition has this width, is still there."""
    return default_storage.exists(path(name, f"{jpeg_width(width)}.jpg"))


def delete(name: str) -> None:
    """Remove all files of the picture, half-written ones too; it is no error if there are none."""
    folder = _folder(name)
    with contextlib.suppress(FileNotFoundError):
        for file in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{file}")
        default_storage.delete(folder)


def stored_names(older_than: datetime) -> Iterator[str]:
    """Names of the pictures written before that aware instant: the sweep deletes those that no event knows.

    Those that a killed process left unfinished are among them.
    """
    try:
        names = default_storage.listdir(_FOLDER)[0]
    except FileNotFoundError:
        return
    for name in filter(_NAME.fullmatch, names):
        with contextlib.suppress(FileNotFoundError):  # it is being written or deleted at this moment
            if _modified_at(_folder(name)) < older_than:
                yield name


def _modified_at(folder: str) -> datetime:
    """When something in the folder was last written, or the folder itself where nothing is in it."""
    files = [f"{folder}/{file}" for file in default_storage.listdir(folder)[1]]
    return max(map(default_storage.get_modified_time, files or [folder]))


def _folder(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a picture: {name!r}")
    return f"{_FOLDER}/{name}"


def _write(target: str, content: bytes) -> None:
    is_on_disk = isinstance(default_storage, FileSystemStorage)
    # On a disk a crash half-way must not leave half a file under the name that is asked for.
    written = default_storage.save(f"{target}.part" if is_on_disk else target, ContentFile(content))
    if is_on_disk:
        os.replace(default_storage.path(written), default_storage.path(target))


# The process that draws


def _ask_for_redrawing(data: bytes) -> bytes:
    """What `redraw` answers; BadPicture if it is killed or hangs on this file, NotStored if it cannot work at all."""
    try:
        pipe = subprocess.PIPE
        with subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, env=_make_environment()) as process:
            answer = _exchange(process, data)
    except OSError as error:
        _log.exception("Pictures cannot be redrawn")
        raise NotStored from error
    if process.returncode < 0:
        _log.warning("The process that redraws pictures ended with signal %s", -process.returncode)
        raise BadPicture(DAMAGED)
    if process.returncode:
        _log.error("Pictures cannot be redrawn: the process ended with status %s", process.returncode)
        raise NotStored
    return answer


def _make_environment() -> dict[str, str]:
    """Where to find this site and Pillow from wherever the site was started, and nothing that is secret."""
    root = str(Path(__file__).resolve().parents[1])
    search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return {name: os.environ[name] for name in _HANDED_ON if name in os.environ} | {"PYTHONPATH": search}


def _exchange(process: subprocess.Popen[bytes], data: bytes) -> bytes:
    """Hand over the file, take the answer, and see the process end; whatever hangs or never stops talking is killed."""
    assert process.stdin  # noqa: S101 - both are pipes
    assert process.stdout  # noqa: S101
    alarm = threading.Timer(_DEADLINE, process.kill)
    alarm.start()
    try:
        with contextlib.suppress(BrokenPipeError), process.stdin:  # it may refuse before it has read all
            process.stdin.write(data)
        answer = process.stdout.read(_MAX_ANSWER)
        if len(answer) == _MAX_ANSWER:
            process.kill()
        process.wait()
        return answer
    finally:
        alarm.cancel()
        process.kill()


def _read_answer(answer: bytes) -> CleanPicture:
    """The picture in an answer of `redraw`; BadPicture if it refused, or says anything that it never would."""
    stream = BytesIO(answer)
    line = stream.readline(_MAX_LINE).decode("ascii", "replace").strip()
    if line in _SENTENCES:
        raise BadPicture(_SENTENCES[line])
    try:
        width, height, *sizes = map(int, line.split())
        files = {suffix: stream.read(size) for suffix, size in zip(redraw.suffixes(width), sizes, strict=True)}
    except ValueError as error:
        raise BadPicture(DAMAGED) from error
    is_complete = [*map(len, files.values())] == sizes and not stream.read(1)
    if not (is_complete and 1 <= width <= WIDTHS[-1] and 1 <= height <= redraw.MAX_HEIGHT):
        raise BadPicture(DAMAGED)
    return CleanPicture(files, width, height)
