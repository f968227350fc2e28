"""Files made to do harm: refused with a word at the picture, or stored as pixels alone; the site stays small."""

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from post_office.models import Email

from events import images
from events.forms.picture import PictureField
from events.images import BadPicture, NotStored, clean
from events.models import Event
from tests import pictures
from tests.factories import submission

ROOT = Path(__file__).parents[1]
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><text>" + pictures.SECRET + b"</text></svg>"

REFUSED = {
    "WebP of 169 megapixels": (pictures.webp_bomb, "more than 40 megapixels"),
    "PNG of 100 megapixels": (lambda: pictures.png_bomb(10_000, 10_000), "more than 40 megapixels"),
    "JPEG and archive": (lambda: pictures.with_archive(pictures.photo()), "more than a picture"),
    "JPEG and PDF": (lambda: pictures.commented(b"%PDF-1.7 1 0 obj"), "more than a picture"),
    "JPEG and page": (lambda: pictures.photo() + b"<script>alert(1)</script>", "more than a picture"),
    "JPEG and program": (lambda: pictures.commented(b"<?php phpinfo();"), "more than a picture"),
    "PNG and archive": (lambda: pictures.with_archive(pictures.png_bomb(9, 9)), "more than a picture"),
    "animated GIF": (lambda: pictures.animation("GIF"), "not a JPEG, PNG or WebP"),
    "animated WebP": (lambda: pictures.animation("WEBP"), "animated"),
    "JPEG of endless work": (lambda: pictures.jpeg_of_many_passes(100), "damaged"),
    "PDF": (lambda: pictures.not_a_picture("PDF"), "not a JPEG, PNG or WebP"),
    "page": (lambda: pictures.not_a_picture("HTML"), "not a JPEG, PNG or WebP"),
}
TAKEN = {
    "JPEG with place, camera and comment": lambda: pictures.talkative("JPEG"),
    "PNG with place, camera and comment": lambda: pictures.talkative("PNG"),
    "WebP with place and camera": lambda: pictures.talkative("WEBP"),
    "JPEG with a long comment": lambda: pictures.commented(pictures.SECRET * 4000),
    "JPEG with a drawing behind it": lambda: pictures.photo() + SVG,
    "JPEG with a video behind it": lambda: pictures.with_video(pictures.photo()) + pictures.SECRET,
    "PNG with a drawing behind it": lambda: pictures.talkative("PNG") + SVG,
}


def send(content, *, name="poster.jpg", **fields):
    """The answer to a form that is filled in well, with that file."""
    image = SimpleUploadedFile(name, content, "image/jpeg")
    return Client().post("/en/submit/", submission(image=image, image_alt="Musicians", **fields))


def word_at_the_picture(response):
    """The message at the field of a form that came back, and nothing was stored."""
    assert response.status_code == 200
    assert not Event.objects.exists()
    assert not Email.objects.exists()
    return " ".join(response.context["form"].errors["image"])


def stored_files():
    name = Event.objects.get().image
    for file in default_storage.listdir(f"pictures/{name}")[1]:
        with default_storage.open(images.path(name, file)) as opened:
            yield file, opened.read()


# Through the public form


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_hostile_file_gets_a_word_at_the_picture(make, message):
    assert message in word_at_the_picture(send(make()))


@pytest.mark.django_db
@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN)
def test_picture_that_says_too_much_is_stored_as_pixels_alone(make):
    assert send(make()).status_code == 302
    for file, content in stored_files():
        for trace in (pictures.SECRET, b"Exif", b"exif", b"xmp", b"svg", b"ftypmp42", b"ICC_PROFILE"):
            assert trace not in content, file


@pytest.mark.django_db
def test_picture_cut_off_anywhere_is_called_damaged():
    photo = pictures.photo(quality=95)
    for part in range(1, 21):
        response = send(photo[: len(photo) * part // 21])
        assert "damaged or incomplete" in word_at_the_picture(response), part


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("format", "name"), [("PNG", "poster.jpg"), ("WEBP", "poster.png"), ("JPEG", "poster.exe"), ("JPEG", "../../a.svg")]
)
def test_picture_is_known_by_what_it_is_and_not_by_its_name(format, name):
    assert send(pictures.encoded(pictures.gradient(), format), name=name).status_code == 302
    assert {file for file, _content in stored_files()} == {"480.avif", "640.avif", "640.jpg"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["poster.jpg", "poster.png", "poster.webp"])
def test_drawing_and_program_stay_outside_whatever_their_name(name):
    for format in ("SVG", "EPS"):
        assert "not a JPEG" in word_at_the_picture(send(pictures.not_a_picture(format), name=name))


# A full disk


class FullDisk(FileSystemStorage):
    """Has room for one file and a half."""

    def _save(self, name, content):
        if not (self.exists("pictures") and self.listdir("pictures")[0]):
            return super()._save(name, content)
        Path(self.path(name)).write_bytes(content.read(content.size // 2))
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full_disk(settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tests.test_hostile_pictures.FullDisk"}}


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"title": ""}], ids=["good entry", "entry with an error"])
def test_full_disk_is_told_and_leaves_neither_event_nor_file(full_disk, fields):
    page = send(pictures.photo(), **fields)

    assert page.status_code == 200
    assert "The picture could not be stored just now." in page.text
    assert "Your picture is kept" not in page.text
    assert not Event.objects.exists()
    assert not Email.objects.exists()
    assert default_storage.listdir("pictures") == ([], [])


@pytest.mark.django_db
def test_event_without_picture_is_taken_though_the_disk_is_full_of_pictures(full_disk):
    assert Client().post("/en/submit/", submission()).status_code == 302
    assert Event.objects.get().image == ""


# The process that draws


def test_site_does_not_grow_whatever_is_sent(tmp_path: Path):
    """A worker as it is started for the public, from another folder and with an empty environment, and all files."""
    files = {name: make() for name, (make, _message) in REFUSED.items()} | {
        name: make() for name, make in TAKEN.items()
    }
    files |= {
        "largest PNG": pictures.png_bomb(8000, 5000),
        "largest WebP": pictures.webp_of_one_colour(),
        "photo": pictures.noisy_photo(4000, 3000),
    }
    assert max(len(files["largest PNG"]), len(files["largest WebP"])) < 6000
    for number, content in enumerate(files.values()):
        (tmp_path / f"{number}.jpg").write_bytes(content)
    (tmp_path / "PIL.py").write_text("raise SystemExit('taken from where the site was started')")
    script = (
        "import resource, sys; from pathlib import Path\n"
        f"sys.path[:] = [{str(ROOT)!r}, *filter(None, sys.path)]\n"
        "from events import images; taken = 0\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for file in sorted(Path().glob('*.jpg')):\n"
        "    try: taken += bool(images.clean(file.read_bytes()))\n"
        "    except images.BadPicture: pass\n"
        "print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )
    taken, growth = map(int, done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024
    assert taken == len(TAKEN) + 3
    assert growth * unit < 150_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit less")
def test_process_that_draws_can_open_nothing_and_take_little():
    script = (
        "import os, runpy, socket; runpy.run_module('events.redraw', run_name='__main__')\n"
        "def fails(act):\n"
        "    try: act()\n"
        "    except (OSError, MemoryError): return True\n"
        "acts = lambda: open('/etc/hosts'), socket.socket, os.pipe, lambda: bytearray(2 << 30)\n"
        "print([*map(fails, acts)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, input="", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"unknown_format{[True] * 4}"


@pytest.fixture
def run_instead(monkeypatch):
    """Lets another program do the drawing: what a decoder may become in the hands of whoever found its error."""

    def run(program):
        monkeypatch.setattr(images, "_COMMAND", (sys.executable, "-c", f"import os, sys, time\n{program}"))

    return run


def reason(content=bytes(2_000_000)):
    with pytest.raises(BadPicture) as caught:
        clean(content)
    return caught.value.args[0]


@pytest.mark.parametrize(
    "program",
    [
        "time.sleep(60)",
        "sys.stdout.close(); os.close(1); time.sleep(60)",
        "while True: sys.stdin.buffer.read(1 << 16)",
    ],
    ids=["reads nothing", "says nothing more", "never ends"],
)
def test_decoder_that_hangs_is_ended(run_instead, monkeypatch, program):
    monkeypatch.setattr(images, "_DEADLINE", 0.5)
    run_instead(program)
    started = time.perf_counter()

    assert reason() is images.DAMAGED
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    "program", ["os.kill(os.getpid(), 9)", "os.abort()", "sys.stdin.read(9); os.kill(os.getpid(), 11)"]
)
def test_decoder_that_crashes_means_a_damaged_picture(run_instead, program):
    run_instead(f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n{program}")
    assert reason() is images.DAMAGED


def test_decoder_that_never_stops_talking_is_ended(run_instead):
    run_instead("sys.stdin.buffer.read()\nwhile True: sys.stdout.buffer.write(bytes(1 << 20))")
    assert reason() is images.DAMAGED


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe",
        b"splendid",
        b"480 10",
        b"480 10 3\nabc",
        b"480 10 3 3\nabcde",
        b"480 10 3 3\nabcdefg",
        b"480 10 3 -1\nabcdef",
        b"480 10 3 3 3\nabcdefghi",
        b"480 9999 3 3\nabcdef",
        b"9999 10 1 1 1 1 1\nabcde",
        b"-480 10 3 3\nabcdef",
        b"9" * 10_000,
    ],
)
def test_answer_that_is_no_picture_is_not_believed(run_instead, answer):
    run_instead(f"sys.stdout.buffer.write({answer!r})")
    assert reason() is images.DAMAGED


def test_answer_that_is_a_picture_is_believed(run_instead):
    run_instead("sys.stdout.buffer.write(b'480 10 3 2\\nabcde')")
    assert clean(b"photo") == images.CleanPicture({"480.avif": b"abc", "480.jpg": b"de"}, 480, 10)


@pytest.mark.parametrize("command", [("/nowhere/python",), (sys.executable, "-c", "import nothing_like_pillow")])
def test_site_that_cannot_draw_does_not_blame_the_picture(monkeypatch, command):
    monkeypatch.setattr(images, "_COMMAND", command)
    with pytest.raises(NotStored):
        clean(pictures.photo())
    with pytest.raises(ValidationError, match="could not be stored just now"):
        PictureField().clean(SimpleUploadedFile("poster.jpg", pictures.photo()))


def test_no_secret_is_handed_to_the_decoder(run_instead, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@host/name")
    run_instead(f"open({str(tmp_path / 'names')!r}, 'w').write(' '.join(os.environ))")
    assert reason() is images.DAMAGED
    assert {"SECRET_KEY", "DATABASE_URL"} <= os.environ.keys()
    names = set((tmp_path / "names").read_text().split())
    assert names <= {"PYTHONPATH", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONHOME", "__CF_USER_TEXT_ENCODING"}


def test_one_picture_is_drawn_at_a_time(run_instead, tmp_path: Path):
    mark = str(tmp_path / "busy")
    run_instead(f"os.mkdir({mark!r}); time.sleep(0.2); os.rmdir({mark!r}); print('animated')")
    reasons = []
    threads = [threading.Thread(target=lambda: reasons.append(reason())) for _visitor in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reasons == [images.ANIMATED] * 3
