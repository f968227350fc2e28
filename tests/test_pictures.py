"""What becomes of a picture that somebody sends. Hostile ones and their process: test_hostile_pictures.py."""

import os
import random
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageChops, ImageCms, ImageFile, ImageStat

from events import images
from events.images import BadPicture, CleanPicture, NotStored, clean
from events.redraw import Refused, redraw
from tests import pictures

# The files have the time of the machine, and not that of the tests.
LONG_AGO, FAR_AWAY = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    """An empty folder for stored pictures."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(scope="module")
def picture() -> CleanPicture:
    return clean(pictures.photo(1700, 100))


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def shown(result: CleanPicture) -> Image.Image:
    """The largest rendition as a visitor sees it."""
    return opened(result.files[f"{result.width}.avif"])


def is_close(colour: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return all(abs(have - want) < 12 for have, want in zip(colour, expected, strict=True))


def reason(content: bytes) -> object:
    """Why the file is refused, one of the sentences in `events.images`."""
    with pytest.raises(BadPicture) as caught:
        clean(content)
    return caught.value.args[0]


def stored_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# What visitors get


def test_heavy_photo_becomes_three_avif_and_one_jpeg():
    photo = pictures.noisy_photo(4000, 3000)
    assert 5_000_000 < len(photo) < images.MAX_BYTES
    result = clean(photo)
    assert {suffix: opened(content).size for suffix, content in result.files.items()} == {
        "480.avif": (480, 360),
        "960.avif": (960, 720),
        "1600.avif": (1600, 1200),
        "960.jpg": (960, 720),
    }
    assert {opened(content).format for content in result.files.values()} == {"AVIF", "JPEG"}
    assert (result.width, result.height) == (1600, 1200)
    assert sum(map(len, result.files.values())) < len(photo) / 4


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (1, ["1.avif", "1.jpg"]),
        (300, ["300.avif", "300.jpg"]),
        (480, ["480.avif", "480.jpg"]),
        (700, ["480.avif", "700.avif", "700.jpg"]),
        (960, ["480.avif", "960.avif", "960.jpg"]),
        (1200, ["480.avif", "960.avif", "1200.avif", "960.jpg"]),
    ],
)
def test_small_picture_is_never_enlarged(width: int, expected: list[str]):
    result = clean(pictures.photo(width, 100))
    assert list(result.files) == expected
    assert (result.width, result.height) == (width, 100)


@pytest.mark.parametrize("width", [1, 480, 481, 700, 960, 1600])
def test_file_names_follow_from_the_width_alone(width: int):
    result = clean(pictures.photo(width, 50))
    names = [f"{step}.avif" for step in images.widths(width)] + [f"{images.jpeg_width(width)}.jpg"]
    assert list(result.files) == names
    assert [opened(result.files[name]).width for name in names] == [int(name.partition(".")[0]) for name in names]
    assert images.SUFFIXES.issuperset(names)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_of_a_turned_phone_is_upright(orientation: int):
    seen = shown(clean(pictures.turned_photo(orientation)))
    assert seen.size == (300, 600)
    assert is_close(seen.getpixel((150, 100)), (254, 0, 0))
    assert is_close(seen.getpixel((150, 500)), (0, 0, 254))


def test_turned_png_is_upright():
    seen = shown(clean(pictures.turned_png()))
    assert seen.size == (300, 600)
    assert is_close(seen.getpixel((150, 100)), (254, 0, 0))


def test_turned_large_photo_is_as_sharp_as_an_upright_one():
    turned = Image.open(BytesIO(pictures.photo(4000, 2000)))
    turned.getexif()[0x0112] = 6
    result = clean(pictures.encoded(turned, "JPEG", exif=turned.getexif()))
    assert (result.width, result.height) == (1600, 3200)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_photo_with_unreadable_exif_is_taken():
    assert clean(pictures.photo(exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 60)).width == 640


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "LA", "RGBA", "RGB"])
def test_picture_of_any_colour_mode_keeps_its_looks(mode: str):
    grey = Image.new("L", (90, 60), 128)
    grey.paste(255, (45, 0, 90, 60))
    if mode == "I;16":
        image = Image.new("I;16", grey.size, 128 * 257)
        image.paste(65535, (45, 0, 90, 60))
    else:
        image = grey.point(lambda value: 255 if value == 255 else 0).convert("1") if mode == "1" else grey.convert(mode)
    seen = shown(clean(pictures.encoded(image, "JPEG" if mode == "CMYK" else "PNG")))
    assert is_close(seen.getpixel((20, 30)), (0, 0, 0) if mode == "1" else (128, 128, 128))
    assert is_close(seen.getpixel((70, 30)), (255, 255, 255))


@pytest.mark.parametrize(("mode", "colour"), [("LA", (0, 0)), ("RGBA", (200, 0, 0, 0))])
@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_transparent_parts_are_white(format: str, mode: str, colour: tuple[int, ...]):
    assert is_close(
        shown(clean(pictures.encoded(Image.new(mode, (50, 50), colour), format))).getpixel((25, 25)), (255,) * 3
    )


@pytest.mark.parametrize(("mode", "colour"), [("1", 0), ("L", 7), ("P", 0), ("RGB", (1, 2, 3))])
def test_a_colour_named_transparent_is_white(mode: str, colour: int | tuple[int, ...]):
    png = pictures.encoded(Image.new(mode, (50, 50), colour), "PNG", transparency=colour)
    assert is_close(shown(clean(png)).getpixel((25, 25)), (255, 255, 255))


def test_deep_grey_with_a_transparent_value_is_taken():
    png = pictures.encoded(Image.new("I;16", (50, 50), 32896), "PNG", transparency=65535)
    assert is_close(shown(clean(png)).getpixel((25, 25)), (128, 128, 128))


def test_large_transparent_picture_has_no_seams():
    """It is worked on in bands; one row too many or too few would shift all that follows by four shades."""
    wave = Image.linear_gradient("L").resize((3001, 125))
    image = Image.new("RGBA", (3001, 2003))
    for number in range(17):
        image.paste(wave.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if number % 2 else wave, (0, 125 * number))
    image.putalpha(Image.new("L", image.size, 230))
    white = Image.new("RGBA", image.size, "white")
    expected = Image.alpha_composite(white, image).convert("RGB").resize((1600, 1068), Image.Resampling.LANCZOS)
    difference = ImageChops.difference(expected, shown(clean(pictures.encoded(image, "PNG", compress_level=1))))
    assert max(ImageStat.Stat(difference).mean) < 1


def test_colours_of_a_wide_profile_are_brought_to_srgb():
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red + 4 : red + 8], profile[green + 4 : green + 8] = (
        profile[green + 4 : green + 8],
        profile[red + 4 : red + 8],
    )
    photo = pictures.encoded(Image.new("RGB", (50, 50), "red"), "JPEG", icc_profile=bytes(profile))
    assert is_close(shown(clean(photo)).getpixel((25, 25)), (0, 255, 0))


@pytest.mark.parametrize("profile", [b"", b"nonsense", bytes(500)])
def test_broken_colour_profile_does_not_matter(profile: bytes):
    photo = pictures.encoded(Image.new("RGB", (50, 50), "red"), "JPEG", icc_profile=profile)
    assert is_close(shown(clean(photo)).getpixel((25, 25)), (254, 0, 0))


def test_profile_for_other_channels_does_not_matter():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert clean(pictures.encoded(Image.new("CMYK", (50, 50)), "JPEG", icc_profile=profile)).width == 50


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1, 1), (1, 1)),
        ((30_000, 1), (1600, 1)),
        ((1, 30_000), (1, 3200)),
        ((2, 9_000_000), (1, 3200)),
        ((9_000_000, 2), (1600, 1)),
        ((1000, 40_000), (80, 3200)),
        ((40_000, 1000), (1600, 40)),
    ],
)
def test_absurd_shapes_are_taken(size: tuple[int, int], expected: tuple[int, int]):
    result = clean(pictures.encoded(Image.new("L", size, 200), "PNG"))
    assert (result.width, result.height) == expected
    assert is_close(shown(result).getpixel((0, 0)), (200, 200, 200))


def test_photo_with_a_preview_inside_shows_the_photo():
    assert clean(pictures.photo_with_preview()).width == 640


def test_photo_with_a_short_video_behind_it_comes_out_without_it():
    photo = pictures.photo()
    assert clean(pictures.with_video(photo)).files == clean(photo).files


def test_uploaded_file_is_read_from_its_beginning_whatever_its_name():
    upload = SimpleUploadedFile("party.exe", pictures.photo(), content_type="text/html")
    upload.read()
    assert clean(upload).width == 640


# What does not survive


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_place_camera_and_comments_do_not_survive(format: str):
    source = pictures.talkative(format)
    assert source.count(pictures.SECRET) >= 5 or format == "PNG"  # PNG packs its profile and its XMP
    for content in clean(source).files.values():
        for trace in (pictures.SECRET, b"Exif", b"exif", b"xmp", b"adobe", b"ICC_PROFILE", b"acsp"):
            assert trace not in content
        assert not opened(content).getexif()
        assert opened(content).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "progressive",
            "progression",
            "timestamp",
            "duration",
        }


def test_what_is_hidden_under_transparency_does_not_survive():
    hidden = pictures.gradient().convert("RGBA")
    hidden.putalpha(0)
    assert shown(clean(pictures.encoded(hidden, "PNG", compress_level=1))).getextrema() == ((255, 255),) * 3


# What is refused


def test_file_over_eight_megabytes_is_refused_without_reading_it_all():
    asked: list[int] = []
    file = SimpleNamespace(seek=lambda position: 0, read=lambda size: asked.append(size) or bytes(size))
    with pytest.raises(BadPicture, match="larger than 8 MB"):
        clean(file)
    assert asked == [images.MAX_BYTES + 1]


def test_picture_of_exactly_eight_megabytes_is_taken():
    photo = pictures.photo()
    assert clean(photo + bytes(images.MAX_BYTES - len(photo))).width == 640
    assert reason(photo + bytes(images.MAX_BYTES - len(photo) + 1)) is images.TOO_LARGE


def test_forty_megapixels_are_taken_and_one_row_more_refused():
    assert clean(pictures.png_bomb(8000, 5000)).width == 1600
    assert "more than 40 megapixels" in str(reason(pictures.png_bomb(8000, 5001)))


@pytest.mark.parametrize("bomb", ["png_bomb(20_000, 10_000)", "png_bomb(10_000, 10_000)", "webp_bomb()"])
def test_two_hundred_megapixels_are_refused_before_they_cost_memory(bomb: str):
    """Not even where they are decoded. In a process of its own: the peak of this one is whatever other tests left."""
    script = (
        "import resource; from events.redraw import Reason, Refused, redraw; from tests import pictures\n"
        f"bomb = pictures.{bomb}; assert len(bomb) < 50_000; redraw(pictures.photo())\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: redraw(bomb)\n"
        "except Refused as error: assert error.args[0] is Reason.TOO_MANY_PIXELS\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 10_000_000


@pytest.mark.parametrize("format", ["EPS", "SVG", "GIF", "TIFF", "BMP", "PDF", "ICO", "AVIF", "HEIC", "HTML"])
def test_other_formats_are_refused_though_named_jpg(format: str):
    upload = SimpleUploadedFile("party.jpg", pictures.not_a_picture(format), content_type="image/jpeg")
    with pytest.raises(BadPicture, match="not a JPEG, PNG or WebP"):
        clean(upload)


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_animated_picture_is_refused(format: str):
    assert reason(pictures.animation(format)) is images.ANIMATED


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"])
def test_almost_empty_file_is_refused(content: bytes):
    assert reason(content) in {images.UNKNOWN_FORMAT, images.DAMAGED}


def test_jpeg_that_asks_for_endless_work_is_refused():
    assert clean(pictures.jpeg_of_many_passes(5)).width == 800
    assert reason(pictures.jpeg_of_many_passes(100)) is images.DAMAGED
    assert reason(pictures.jpeg_of_many_segments(500_000)) is images.DAMAGED


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_picture_that_is_an_archive_too_is_refused(format: str):
    assert reason(pictures.with_archive(pictures.encoded(pictures.gradient(), format))) is images.OTHER_DATA


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 1 0 obj", b"<script>alert(1)</script>", b"<HTML >", b"<!DOCTYPE html>", b"<?php exit;"]
)
def test_picture_that_is_a_page_or_program_too_is_refused(content: bytes):
    assert reason(pictures.commented(content)) is images.OTHER_DATA
    assert reason(pictures.photo() + b"\n" + content) is images.OTHER_DATA


@pytest.mark.parametrize("garbage", [b"\0", b"%PDF-1.7\n", b"<html>", b"\xff\xd8", b"MZ"])
def test_picture_with_something_before_it_is_refused(garbage: bytes):
    assert reason(garbage + pictures.photo()) in {images.UNKNOWN_FORMAT, images.DAMAGED}


def test_reason_is_told_in_the_language_of_the_page():
    try:
        clean(b"")
    except BadPicture as error:
        refusal = error
    with translation.override("en"):
        assert str(refusal).startswith("This is not a JPEG, PNG or WebP picture.")


# Damage, drawn in this process, because starting one for each of a thousand files would take minutes


def assert_refused_or_same(content: bytes, *, whole: CleanPicture) -> None:
    try:
        result = redraw(content)
    except Refused:
        return
    assert result.files == whole.files


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_truncated_picture_is_refused_or_complete(format: str, progressive: bool):
    options = {"progressive": True} if progressive and format == "JPEG" else {"lossless": progressive}
    source = pictures.encoded(pictures.gradient(200, 150), format, **options)
    whole = redraw(source)
    for part in range(20):
        assert_refused_or_same(source[: len(source) * part // 20], whole=whole)
    for missing in range(1, 21):
        assert_refused_or_same(source[:-missing], whole=whole)
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_damaged_picture_is_clean_or_refused(format: str):
    """Ten flipped bytes, many times over: any other exception than Refused would be an error page."""
    source, chance = pictures.encoded(pictures.gradient(64, 48), format), random.Random(1989)  # noqa: S311 (repeatable, not secret)
    for _attempt in range(150):
        content = bytearray(source)
        for _byte in range(10):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            assert redraw(bytes(content)).files
        except Refused:
            continue


@pytest.mark.parametrize(
    "beginning", [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"RIFF\xff\0\0\0WEBPVP8 "]
)
def test_random_bytes_are_refused(beginning: bytes):
    chance = random.Random(1991)  # noqa: S311 (repeatable, not secret)
    for _attempt in range(100):
        with pytest.raises(Refused):
            redraw(beginning + chance.randbytes(chance.randrange(3000)))


# Storing


def test_stored_picture_can_be_read_by_its_name(media: Path, picture: CleanPicture):
    name = images.store(picture)
    assert stored_files(media) == sorted(f"pictures/{name}/{suffix}" for suffix in picture.files)
    for suffix, content in picture.files.items():
        with default_storage.open(images.path(name, suffix)) as file:
            assert file.read() == content


def test_two_stored_pictures_have_unguessable_names(media: Path, picture: CleanPicture):
    names = {images.store(picture) for _time in range(3)}
    assert len(names) == 3
    assert {len(name) for name in names} == {32}


def test_deleted_picture_leaves_nothing_and_others_stay(media: Path, picture: CleanPicture):
    kept, gone = images.store(picture), images.store(picture)
    images.delete(gone)
    images.delete(gone)
    assert [folder.name for folder in (media / "pictures").iterdir()] == [kept]
    assert len(stored_files(media)) == len(picture.files)


def test_full_disk_leaves_nothing(media: Path, picture: CleanPicture):
    """A limit on the size of files lets the writing of the largest stop half-way, as a full disk does."""
    sizes = sorted(map(len, picture.files.values()))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (sizes[-1] - 1, hard))
    try:
        with pytest.raises(NotStored, match="could not be stored just now") as caught:
            images.store(picture)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert isinstance(caught.value.__cause__, OSError)
    assert list((media / "pictures").iterdir()) == []


class FailingStorage(InMemoryStorage):
    """Loses its connection at the third file."""

    def _save(self, name, content):
        if self.exists("pictures") and len(files_of(self)) == 2:
            raise ConnectionError("storage is away")
        return super()._save(name, content)


def files_of(storage: InMemoryStorage) -> list[str]:
    return [file for name in storage.listdir("pictures")[0] for file in storage.listdir(f"pictures/{name}")[1]]


def test_failing_remote_storage_leaves_nothing(settings, picture: CleanPicture):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tests.test_pictures.FailingStorage"}}
    with pytest.raises(NotStored) as caught:
        images.store(picture)
    assert isinstance(caught.value.__cause__, ConnectionError)
    assert files_of(default_storage) == []


def test_remote_storage_keeps_and_deletes_pictures(settings, picture: CleanPicture):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    name = images.store(picture)
    assert sorted(files_of(default_storage)) == sorted(picture.files)
    images.delete(name)
    assert files_of(default_storage) == []


@pytest.mark.parametrize("name", ["", "a" * 31, "A" * 32, "../" + "a" * 29, "a" * 32 + "\n", "é" * 32])
def test_made_up_name_reaches_no_file(name: str):
    with pytest.raises(ValueError, match="not the name"):
        images.path(name, "480.avif")
    with pytest.raises(ValueError, match="not the name"):
        images.delete(name)


@pytest.mark.parametrize(
    "suffix", ["", "480", "0.avif", "0480.avif", "1601.avif", "961.jpg", "480.avif/..", "480.avif.part"]
)
def test_made_up_suffix_reaches_no_file(suffix: str):
    with pytest.raises(ValueError, match="not a file"):
        images.path("a" * 32, suffix)


def test_sweep_finds_old_pictures_only(media: Path, picture: CleanPicture):
    now = datetime.now(UTC)
    assert list(images.stored_names(now)) == []
    old, fresh = images.store(picture), images.store(picture)
    for name, age in ((old, 7200), (fresh, 0)):
        for file in (media / "pictures" / name).iterdir():
            os.utime(file, (now.timestamp() - age,) * 2)
    assert list(images.stored_names(now - timedelta(hours=1))) == [old]
    assert set(images.stored_names(now + timedelta(hours=1))) == {old, fresh}


def test_sweep_finds_what_a_killed_process_left(media: Path):
    """Killed by itself between writing the second file and giving it its name."""
    script = (
        "import os, sys; from django.conf import settings; settings.configure(MEDIA_ROOT=sys.argv[1])\n"
        "from events import images; rename = os.replace\n"
        "def die_at_the_second(part, name): rename(part, name) if '480' in name else os.kill(os.getpid(), 9)\n"
        "os.replace = die_at_the_second\n"
        "images.store(images.CleanPicture({'480.avif': b'1', '960.avif': b'2', '960.jpg': b'3'}, 960, 720))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, media], cwd=Path(__file__).parents[1], check=False)
    assert done.returncode == -9
    [name] = [folder.name for folder in (media / "pictures").iterdir()]
    assert stored_files(media) == [f"pictures/{name}/480.avif", f"pictures/{name}/960.avif.part"]
    assert list(images.stored_names(LONG_AGO)) == []
    assert list(images.stored_names(FAR_AWAY)) == [name]
    images.delete(name)
    assert list((media / "pictures").iterdir()) == []


@pytest.mark.parametrize("left", [[], ["480.avif.part"]])
def test_sweep_finds_a_folder_without_a_whole_file(media: Path, left: list[str]):
    folder = media / "pictures" / ("a" * 32)
    folder.mkdir(parents=True)
    for file in left:
        (folder / file).write_bytes(b"half")
    now = datetime.now(UTC)
    for path in (*folder.iterdir(), folder):
        os.utime(path, (now.timestamp() - 7200,) * 2)
    assert list(images.stored_names(now - timedelta(hours=3))) == []
    assert list(images.stored_names(now - timedelta(hours=1))) == [folder.name]
    images.delete(folder.name)
    assert not folder.exists()


def test_sweep_is_not_upset_by_a_picture_that_is_finished_meanwhile(media: Path, picture: CleanPicture):
    """The file was listed under the name that it had while it was written."""
    names = [images.store(picture) for _time in range(2)]
    (media / "pictures" / names[0] / "960.avif.part").symlink_to("renamed.avif")
    assert list(images.stored_names(FAR_AWAY)) == [names[1]]
