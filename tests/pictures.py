"""Pictures as people and attackers send them: each function returns the bytes of one file."""

import random
import struct
import zipfile
import zlib
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, PngImagePlugin

SECRET = b"planted-secret"  # put wherever a file can hold text; must never be found in what is stored


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def gradient(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Smooth, but no two regions alike, so that damage and turning show."""
    across, down = Image.linear_gradient("L").rotate(90), Image.linear_gradient("L")
    return Image.merge("RGB", (across, down, Image.new("L", across.size, 90))).resize((width, height)).convert(mode)


def photo(width: int = 640, height: int = 480, **options: object) -> bytes:
    """A JPEG."""
    return encoded(gradient(width, height), "JPEG", **options)


def noisy_photo(width: int, height: int, *, quality: int = 97) -> bytes:
    """A JPEG as heavy as one from a camera."""
    noise = Image.effect_noise((width, height), 24)
    return encoded(Image.blend(gradient(width, height), noise.convert("RGB"), 0.3), "JPEG", quality=quality)


def turned_photo(orientation: int) -> bytes:
    """A JPEG, upright 300 × 600 and red above blue, as a phone held in that EXIF orientation stores it."""
    upright = Image.new("RGB", (300, 600), "blue")
    upright.paste("red", (0, 0, 300, 300))
    turns = Image.Transpose
    back = {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_90,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_270,
    }
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return encoded(upright.transpose(back[orientation]) if orientation in back else upright, "JPEG", exif=exif)


def turned_png() -> bytes:
    """`turned_photo(6)` as a PNG that tells its orientation only after the pixels."""
    turned = Image.open(BytesIO(turned_photo(6)))
    exif = png_chunk(b"eXIf", turned.getexif().tobytes()[6:])
    png = encoded(Image.frombytes(turned.mode, turned.size, turned.tobytes()), "PNG")
    return png[:-12] + exif + png[-12:]


def talkative(format: str) -> bytes:
    """A picture with SECRET in every place that the format has for text."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif[ExifTags.Base.Make] = SECRET.decode()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (40.0, 24.0, 33.0)
    gps[ExifTags.GPS.GPSProcessingMethod] = SECRET
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SECRET
    options: dict[str, object] = {"exif": exif, "xmp": xmp, "icc_profile": profile}
    if format == "JPEG":
        options["comment"] = SECRET
    if format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("Author", SECRET.decode())
        text.add(b"prVt", SECRET)
        options["pnginfo"] = text
    return encoded(gradient(), format, **options)


def animation(format: str) -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def photo_with_preview() -> bytes:
    """A JPEG of two pictures (MPO), as many phones make them."""
    return encoded(gradient(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48), "red")])


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_bomb(width: int = 20_000, height: int = 10_000) -> bytes:
    """A PNG of one colour: 200 megapixels in about 25 kB with 1 bit for a pixel."""
    rows = zlib.compressobj(9)
    row = b"\0" + bytes((width + 7) // 8)
    pixels = b"".join(rows.compress(row) for _row in range(height)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    """The header of a WebP of 169 megapixels, and next to nothing behind it."""
    body = b"VP8L" + struct.pack("<I", 6) + b"\x2f" + struct.pack("<I", 12_999 | 12_999 << 14) + b"\0"
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def webp_of_one_colour(width: int = 8000, height: int = 5000) -> bytes:
    """A whole WebP of 40 megapixels in 38 bytes: its only colour takes no bit for a pixel, so any size may be said."""
    webp = bytearray(encoded(Image.new("RGBA", (16, 16), (9, 8, 7, 100)), "WEBP", lossless=True, method=0))
    says_alpha = 1 << 28
    webp[21:25] = struct.pack("<I", width - 1 | height - 1 << 14 | says_alpha)
    return bytes(webp)


def jpeg_of_many_passes(passes: int) -> bytes:
    """A progressive JPEG that repeats its last scan; each makes the decoder go over all pixels again."""
    jpeg = photo(800, 600, progressive=True)
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last * passes + b"\xff\xd9"


def jpeg_of_many_segments(segments: int) -> bytes:
    """A JPEG with that many empty segments before the picture."""
    jpeg = photo()
    return jpeg[:2] + b"\xff\xee\x00\x02" * segments + jpeg[2:]


def with_archive(picture: bytes) -> bytes:
    """The picture with a ZIP archive behind it, both of which open."""
    buffer = BytesIO(picture)
    buffer.seek(0, 2)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("letter.txt", "nothing that looks like a page")
    return buffer.getvalue()


def with_video(picture: bytes) -> bytes:
    """The picture with something like a phone's short video behind it (holds what looks like JPEG markers too)."""
    noise = random.Random(31).randbytes(200_000)  # noqa: S311 (repeatable, not secret)
    return picture + b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\2" * 500 + noise


def commented(comment: bytes) -> bytes:
    """A JPEG with that comment near its beginning, where PDF readers and browsers look."""
    return photo(comment=comment)


def not_a_picture(format: str) -> bytes:
    """A file of a format that is not taken, valid in itself."""
    if format == "SVG":
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
    if format == "HEIC":
        return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)
    if format == "HTML":
        return b"<!doctype html><script>alert(1)</script>"
    return encoded(gradient(60, 40), format)
