"""A stranger's picture drawn anew from its pixels, in a process that ends with it.

`python -m events.redraw` reads one file from standard input. It writes the name of a `Reason`, or a line of numbers
(width and height of the largest rendition, length of each file) and the files in the order of `suffixes`. Run so it may
take little memory and time and open nothing: decoders have errors. Without Django, so that it starts quickly.
"""

import contextlib
import re
import sys
import zipfile
from dataclasses import dataclass
from enum import StrEnum, auto
from io import BytesIO

# The formats are named because Pillow would load all of its fifty to find them.
from PIL import (
    AvifImagePlugin,  # noqa: F401
    ExifTags,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

if sys.platform != "win32":
    import resource

MAX_PIXELS = 40_000_000
WIDTHS = (480, 960, 1600)
JPEG_WIDTH = 960
MAX_HEIGHT = 2 * WIDTHS[-1]  # a strip of 1 × 30,000 pixels becomes narrower instead of endless
_FORMATS = ("JPEG", "PNG", "WEBP")
_OTHER_DATA = re.compile(rb"%PDF-|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|<\?php|<(?i:!doctype|html|script)[\s>]")
_JPEG_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")  # neither stuffing nor a marker without a length
_MAX_SCANS, _MAX_SEGMENTS = 32, 2000  # real pictures have up to 12 and a few hundred
# Of each kind of WebP: first and last byte of width and height, bits from one to the other, bits of each, what to add.
_WEBP_SIZES = {b"VP8X": (24, 30, 24, 24, 1), b"VP8L": (21, 25, 14, 14, 1), b"VP8 ": (26, 30, 16, 14, 0)}
_BAND_PIXELS = 1_000_000
_MEMORY = 1 << 30  # bytes of address space: the worst shape of 40 megapixels takes 800 MB
_SECONDS = 20  # of the processor: the worst picture takes four


class Reason(StrEnum):
    """Why a file is refused."""

    TOO_MANY_PIXELS = auto()
    UNKNOWN_FORMAT = auto()
    ANIMATED = auto()
    DAMAGED = auto()
    OTHER_DATA = auto()


class Refused(ValueError):
    """The file cannot be taken; its only argument is a Reason."""


@dataclass(frozen=True)
class CleanPicture:
    """The files to store, by suffix (`960.avif`), and the size in pixels of the largest."""

    files: dict[str, bytes]
    width: int
    height: int


def redraw(data: bytes) -> CleanPicture:
    """The renditions of a JPEG, PNG or WebP; Refused for whatever is wrong with it."""
    image = _open(data)
    _refuse_unsuitable(image, data=data)
    return _render(_draw_anew(image))


def widths(largest: int) -> tuple[int, ...]:
    """Widths of all AVIF files when the largest has that one, in pixels: 1600 → (480, 960, 1600), 700 → (480, 700)."""
    return (*(width for width in WIDTHS if width < largest), largest)


def jpeg_width(largest: int) -> int:
    """Width of the only JPEG when the largest AVIF has that one, in pixels."""
    return min(JPEG_WIDTH, largest)


def suffixes(largest: int) -> list[str]:
    """The names of all files when the largest has that width in pixels, in the order in which they are handed over."""
    return [*(f"{width}.avif" for width in widths(largest)), f"{jpeg_width(largest)}.jpg"]


def _open(data: bytes) -> Image.Image:
    """The picture with only its header read: the format is what the decoder finds, not what the file is called."""
    if data.startswith(b"\xff\xd8") and _has_too_many_passes(data):
        raise Refused(Reason.DAMAGED)
    if data[8:12] == b"WEBP" and _count_webp_pixels(data) > MAX_PIXELS:
        raise Refused(Reason.TOO_MANY_PIXELS)
    try:
        return Image.open(BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Reason.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise Refused(Reason.UNKNOWN_FORMAT) from error
    except Exception as error:
        raise Refused(Reason.DAMAGED) from error


def _has_too_many_passes(jpeg: bytes) -> bool:
    """A few kilobytes can ask for hours of work. What comes after the end, such as a phone's video, does not count."""
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


def _count_webp_pixels(webp: bytes) -> int:
    """Read here, because the decoder takes the memory for all of them before it tells how many there are."""
    start, end, apart, bits, more = _WEBP_SIZES.get(webp[12:16], (0, 0, 0, 0, 0))
    both, mask = int.from_bytes(webp[start:end], "little"), (1 << bits) - 1
    return ((both & mask) + more) * ((both >> apart & mask) + more)


def _refuse_unsuitable(image: Image.Image, *, data: bytes) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise Refused(Reason.TOO_MANY_PIXELS)
    # A JPEG with several pictures (MPO) is a photo with a preview or a depth map; the first is the photo.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise Refused(Reason.ANIMATED)
    if _OTHER_DATA.search(data) or zipfile.is_zipfile(BytesIO(data)):
        raise Refused(Reason.OTHER_DATA)


def _draw_anew(image: Image.Image) -> Image.Image:
    """Upright, opaque, sRGB, no larger than needed, nothing but pixels; Refused for any error of the decoder."""
    try:
        if image.format in {"PNG", "WEBP"}:
            image.load()  # first: a PNG may tell its orientation after the pixels, and errors in them must show
        orientation = _orientation(image)
        size = _fitting_size(image, orientation=orientation)
        image.draft(None, size)  # a JPEG is decoded at a half, quarter or eighth when that is enough
        image.load()
        small = _to_srgb(_shrink(image, size=size), profile=image.info.get("icc_profile"))
    except Exception as error:
        raise Refused(Reason.DAMAGED) from error
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
    limits = (WIDTHS[-1], MAX_HEIGHT) if orientation < 5 else (MAX_HEIGHT, WIDTHS[-1])  # from 5 on it lies on its side
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
    *avifs, jpeg = suffixes(drawn.width)
    # More threads save a twentieth of the time of a photo, and each costs address space.
    files = {suffix: _encode(drawn, suffix, quality=60, speed=8, max_threads=1) for suffix in avifs}
    files[jpeg] = _encode(drawn, jpeg, quality=82, progressive=True, optimize=True)
    return CleanPicture(files, drawn.width, drawn.height)


def _encode(drawn: Image.Image, suffix: str, **options: int) -> bytes:
    buffer = BytesIO()
    width, codec = suffix.replace("jpg", "jpeg").split(".")
    size = int(width), max(1, round(drawn.height * int(width) / drawn.width))
    drawn.resize(size, Image.Resampling.LANCZOS).save(buffer, codec, **options)
    return buffer.getvalue()


# A process of its own


def _give_up_rights() -> None:
    """Little memory and time, no core dump, and no file, socket, pipe or process beyond those that are there."""
    Image.preinit()  # what Pillow would otherwise load when the first picture comes
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # when the machine has no memory left, Linux ends this process and not the site's
    if sys.platform == "win32":
        return
    limits = {resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_CPU: _SECONDS}
    none = dict.fromkeys((resource.RLIMIT_CORE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE), 0)
    for kind, limit in (limits | none).items():
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already, or the platform has none
            resource.setrlimit(kind, (limit, limit))


def _answer(data: bytes) -> bytes:
    try:
        picture = redraw(data)
    except Refused as error:
        return str(error.args[0]).encode()
    numbers = picture.width, picture.height, *map(len, picture.files.values())
    return " ".join(map(str, numbers)).encode() + b"\n" + b"".join(picture.files.values())


if __name__ == "__main__":
    _give_up_rights()
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))
