"""Bytes in, clean pictures out.

A picture from a stranger is decoded and drawn anew from its pixels alone: place, camera, comments, colour profile, a
second picture, a video or bytes after the end never reach what is stored. A file that also reads as an archive, a PDF
or a web page would come out clean too, but is refused, so that the person learns of it.

A stored picture is a random name, a folder `pictures/<name>/`, and files in it named by their true width in pixels:
`480.avif`, `960.avif`, `1600.avif` and `960.jpg`; of a picture 700 pixels wide, which is never enlarged, `480.avif`,
`700.avif` and `700.jpg`. So the name and the width of the largest give a whole `srcset`: see `widths` and `path`.
"""

import contextlib
import os
import re
import secrets
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
WIDTHS = (480, 960, 1600)
JPEG_WIDTH = 960
MAX_HEIGHT = 2 * WIDTHS[-1]  # a strip of 1 × 30,000 pixels becomes narrower instead of endless
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

_FORMATS = ("JPEG", "PNG", "WEBP")
_FOLDER = "pictures"
_NAME = re.compile(r"[0-9a-f]{32}")
_OTHER_DATA = re.compile(rb"%PDF-|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|<\?php|<(?i:!doctype|html|script)[\s>]")
_JPEG_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")  # neither stuffing nor a marker without a length
_MAX_SCANS, _MAX_SEGMENTS = 32, 2000  # real pictures have up to 12 and a few hundred
_BAND_PIXELS = 1_000_000
_TURNED = range(5, 9)  # EXIF orientations that swap width and height
# The largest picture takes hundreds of megabytes while it is decoded: one at a time in a process.
_decoding = threading.Lock()


class BadPicture(ValueError):
    """The file cannot be taken; the message is one of the sentences above, for the person who sent it."""


@dataclass(frozen=True)
class CleanPicture:
    """The files to store, by suffix (`960.avif`), and the size in pixels of the largest."""

    files: dict[str, bytes]
    width: int
    height: int


def clean(file: BinaryIO | bytes) -> CleanPicture:
    """The renditions of a JPEG, PNG or WebP, read from its beginning; whatever is wrong with it is a BadPicture."""
    stream = BytesIO(file) if isinstance(file, bytes) else file
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadPicture(TOO_LARGE)
    return _render(_decode(data))


def widths(largest: int) -> tuple[int, ...]:
    """Widths of all AVIF files when the largest has that one, in pixels: 1600 → (480, 960, 1600), 700 → (480, 700)."""
    return (*(width for width in WIDTHS if width < largest), largest)


def jpeg_width(largest: int) -> int:
    """Width of the only JPEG when the largest AVIF has that one, in pixels."""
    return min(JPEG_WIDTH, largest)


def path(name: str, suffix: str) -> str:
    """Where the storage keeps one file of a picture; ValueError if name or suffix is not of our making."""
    if suffix not in SUFFIXES:
        raise ValueError(f"not a file of a picture: {suffix!r}")
    return f"{_folder(name)}/{suffix}"


def store(picture: CleanPicture) -> str:
    """Write all files, or none and pass the error on; returns the picture's name, 32 random hexadecimal digits."""
    name = secrets.token_hex(16)
    try:
        for suffix, content in picture.files.items():
            _write(path(name, suffix), content)
    except BaseException:
        with contextlib.suppress(Exception):  # the first error says what is wrong, not that tidying failed too
            delete(name)
        raise
    return name


def delete(name: str) -> None:
    """Remove all files of the picture, half-written ones too; it is no error if there are none."""
    folder = _folder(name)
    with contextlib.suppress(FileNotFoundError):
        for file in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{file}")
        default_storage.delete(folder)


def stored_names(older_than: datetime) -> Iterator[str]:
    """Names of the pictures written before that aware instant: the sweep deletes those that no event knows."""
    try:
        names = default_storage.listdir(_FOLDER)[0]
    except FileNotFoundError:
        return
    for name in filter(_NAME.fullmatch, names):
        files = default_storage.listdir(_folder(name))[1]
        times = [default_storage.get_modified_time(f"{_folder(name)}/{file}") for file in files]
        if times and max(times) < older_than:
            yield name


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


def _decode(data: bytes) -> Image.Image:
    image = _open(data)
    _refuse_unsuitable(image, data=data)
    with _decoding:
        return _draw_anew(image)


def _open(data: bytes) -> ImageFile.ImageFile:
    """The picture with only its header read: the format is what the decoder finds, not what the file is called."""
    if data.startswith(b"\xff\xd8") and _has_too_many_passes(data):
        raise BadPicture(DAMAGED)
    try:
        return Image.open(BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise BadPicture(UNKNOWN_FORMAT) from error
    except Exception as error:
        raise BadPicture(DAMAGED) from error


def _has_too_many_passes(jpeg: bytes) -> bool:
    """A few kilobytes can ask for thousands of passes over 40 megapixels, hours of work.

    Only up to the end of the picture: the short video that phones put behind it may hold anything.
    """
    scans = position = 0
    for _segment in range(_MAX_SEGMENTS):
        marker = _JPEG_MARKER.search(jpeg, position)
        if not marker or marker[1] == b"\xd9":
            return False
        scans += marker[1] == b"\xda"
        if scans > _MAX_SCANS:
            return True
        position = marker.end() + int.from_bytes(jpeg[marker.end() : marker.end() + 2])
    return True


def _refuse_unsuitable(image: ImageFile.ImageFile, *, data: bytes) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise BadPicture(TOO_MANY_PIXELS)
    # A JPEG with several pictures (MPO) is a photo with a preview or a depth map; the first is the photo.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise BadPicture(ANIMATED)
    if _OTHER_DATA.search(data) or zipfile.is_zipfile(BytesIO(data)):
        raise BadPicture(OTHER_DATA)


def _draw_anew(image: ImageFile.ImageFile) -> Image.Image:
    """Upright, opaque, sRGB, no larger than needed, nothing but pixels; any error of the decoder is a BadPicture."""
    try:
        if image.format in {"PNG", "WEBP"}:
            image.load()  # first: a PNG may tell its orientation after the pixels, and errors in them must show
        orientation = _orientation(image)
        size = _fitting_size(image, orientation=orientation)
        image.draft(None, size)  # a JPEG is decoded at a half, quarter or eighth when that is enough
        image.load()
        small = _to_srgb(_shrink(image, size=size), profile=image.info.get("icc_profile"))
    except Exception as error:
        raise BadPicture(DAMAGED) from error
    small.getexif()[ExifTags.Base.Orientation] = orientation
    upright = ImageOps.exif_transpose(small)
    drawn = Image.new("RGB", upright.size)
    drawn.paste(upright)
    return drawn


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1, which is upright, when it is missing or unreadable."""
    try:
        orientation = int(image.getexif().get(ExifTags.Base.Orientation) or 1)
    except Exception:  # broken EXIF is common in good photos, and breaks in many ways
        return 1
    return orientation if orientation in range(1, 9) else 1


def _fitting_size(image: Image.Image, *, orientation: int) -> tuple[int, int]:
    """Width and height, as the pixels lie in the file, of the largest rendition."""
    limits = (MAX_HEIGHT, WIDTHS[-1]) if orientation in _TURNED else (WIDTHS[-1], MAX_HEIGHT)
    scale = min(1, limits[0] / image.width, limits[1] / image.height)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _shrink(image: Image.Image, *, size: tuple[int, int]) -> Image.Image:
    """Opaque (L, RGB or CMYK) and of that size; by bands, so that no second copy in full size is ever made."""
    across, down = (max(1, have // want // 2) for have, want in zip(image.size, size, strict=True))
    step = down * max(1, _BAND_PIXELS // (image.width * down))
    bands = []
    for top in range(0, image.height, step):
        band = image.crop((0, top, image.width, min(top + step, image.height)))
        bands.append(_make_opaque(band).reduce((across, down)))
    joined = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    for number, band in enumerate(bands):
        joined.paste(band, (0, number * step // down))
    return joined.resize(size, Image.Resampling.LANCZOS, box=(0, 0, image.width / across, image.height / down))


def _make_opaque(band: Image.Image) -> Image.Image:
    if band.mode == "I;16":
        return band.point(lambda value: value * (1 / 256)).convert("L")  # convert() alone would clip to white
    if band.has_transparency_data:
        band = band.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", band.size, "white"), band).convert("RGB")
    return band if band.mode in {"L", "CMYK"} else band.convert("RGB")


def _to_srgb(image: Image.Image, *, profile: bytes | None) -> Image.Image:
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError):  # a broken profile, or one for other channels
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image.convert("RGB")
    return image.convert("RGB")


def _render(drawn: Image.Image) -> CleanPicture:
    files = {f"{width}.avif": _encode(drawn, "AVIF", width=width, quality=60, speed=8) for width in widths(drawn.width)}
    width = jpeg_width(drawn.width)
    files[f"{width}.jpg"] = _encode(drawn, "JPEG", width=width, quality=82, progressive=True, optimize=True)
    return CleanPicture(files, drawn.width, drawn.height)


def _encode(drawn: Image.Image, codec: str, *, width: int, **options: int) -> bytes:
    buffer = BytesIO()
    size = width, max(1, round(drawn.height * width / drawn.width))
    drawn.resize(size, Image.Resampling.LANCZOS).save(buffer, codec, **options)
    return buffer.getvalue()
