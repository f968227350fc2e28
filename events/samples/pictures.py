"""Pictures for sample events, drawn in the site's colours, with the word SAMPLE in them."""

import random
from collections.abc import Callable
from functools import cache
from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

WIDTH, HEIGHT = 1600, 900
VARIANTS = 3  # of each motif

NIGHT, GLOW, LIGHT, GOLD = "#0a1a33", "#14305c", "#ffd98a", "#e8b04a"
POMEGRANATE, SEA, PAPER = "#8a1f2b", "#0b6f86", "#f8f5ee"
_GROUNDS = ((NIGHT, GLOW), (NIGHT, SEA), ("#2a0c1c", POMEGRANATE))  # above and below, one for each variant
_DETAIL = 2  # drawn so much larger and made smaller, for smooth edges

Point = tuple[float, float]


def draw(motif: str, *, variant: int) -> bytes:
    """A JPEG of a motif (a key of `MOTIFS`) in one of its variants, always the same pixels."""
    picture = _ground(*_GROUNDS[variant])
    dice = random.Random(f"{motif}{variant}")  # noqa: S311 - repeatable, not secret
    MOTIFS[motif](picture, dice)
    picture = picture.reduce(_DETAIL)
    _mark(picture)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _ground(above: str, below: str) -> Image.Image:
    gradient = ImageOps.colorize(Image.linear_gradient("L"), above, below)
    return gradient.resize((WIDTH * _DETAIL, HEIGHT * _DETAIL))


def _draw_lights(picture: Image.Image, dice: random.Random) -> None:
    """Warm lights of many sizes, those of one evening around the world."""
    glow = Image.new("L", picture.size)
    spots = [(dice.uniform(0, 1), dice.betavariate(3, 2), dice.paretovariate(1.6)) for _ in range(140)]
    for radius, strength in ((26, 60), (9, 255)):
        pen = ImageDraw.Draw(glow)
        for x, y, size in spots:
            reach = radius * min(size, 4)
            pen.circle((x * picture.width, y * picture.height), reach, fill=strength)
        glow = glow.filter(ImageFilter.BoxBlur(22 if strength < 255 else 3))
    picture.paste(LIGHT, mask=glow)


def _draw_star(picture: Image.Image, dice: random.Random) -> None:
    """The site's sign, an eight-pointed star, between smaller ones."""
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        centre = dice.uniform(0, picture.width), dice.uniform(0, picture.height)
        pen.polygon(_star(centre, dice.uniform(8, 30)), fill=GOLD)
    middle = picture.width / 2, picture.height * 0.45
    for reach, colour in ((640, GOLD), (590, NIGHT), (500, LIGHT), (330, POMEGRANATE), (240, GOLD), (110, NIGHT)):
        pen.polygon(_star(middle, reach), fill=colour)


def _star(centre: Point, reach: float) -> list[Point]:
    """The outline of two squares, one turned by an eighth, with points `reach` from the centre."""
    inner = reach * cos(pi / 4) / cos(pi / 8)
    x, y = centre
    turns = [(pi * step / 8, inner if step % 2 else reach) for step in range(16)]
    return [(x + far * sin(turn), y - far * cos(turn)) for turn, far in turns]


def _draw_band(picture: Image.Image, dice: random.Random) -> None:
    """Woven bands with diamonds."""
    pen = ImageDraw.Draw(picture)
    height = picture.height / 6
    colours = [POMEGRANATE, GOLD, SEA, PAPER, NIGHT]
    for row in range(6):
        back, front, heart = dice.sample(colours, 3)
        middle = (row + 0.5) * height
        pen.rectangle((0, middle - height * 0.45, picture.width, middle + height * 0.45), fill=back)
        for column in range(13):
            for share, colour in ((0.42, front), (0.26, back), (0.13, heart)):
                pen.polygon(_diamond((column * height * 0.9, middle), share * height), fill=colour)


def _diamond(centre: Point, reach: float) -> list[Point]:
    x, y = centre
    return [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]


def _draw_hills(picture: Image.Image, dice: random.Random) -> None:
    """A moon above dark hills with lit windows."""
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    pen.circle((width * dice.uniform(0.6, 0.85), height * 0.24), 190, fill=LIGHT)
    for layer, colour in enumerate(("#1d3a66", GLOW, NIGHT)):
        phase, base = dice.uniform(0, 6), height * (0.5 + 0.13 * layer)
        crest = [
            (x, base + 90 * sin(x / 420 + phase) + 40 * sin(x / 170 + 2 * phase)) for x in range(0, width + 20, 20)
        ]
        pen.polygon([*crest, (width, height), (0, height)], fill=colour)
        for x, y in dice.sample(crest, 34):
            down = y + dice.uniform(30, 190)
            pen.rectangle((x, down, x + 11, down + 15), fill=dice.choice((LIGHT, GOLD)))


MOTIFS: dict[str, Callable[[Image.Image, random.Random], None]] = {
    "lights": _draw_lights,
    "star": _draw_star,
    "band": _draw_band,
    "hills": _draw_hills,
}


# The word in the picture


def _mark(picture: Image.Image) -> None:
    """Write the word in the lower left corner, on a ground on which it can be read."""
    word = _word()
    ImageDraw.Draw(picture).rectangle((0, HEIGHT - 130, word.width + 120, HEIGHT - 40), fill=NIGHT)
    picture.paste(LIGHT, (60, HEIGHT - 85 - word.height // 2), word)


@cache
def _word() -> Image.Image:
    """A mask of "SAMPLE · NÜMUNƏ", letter by letter: Pillow's own font has no Ü and no Ə."""
    font = ImageFont.load_default(56)
    mask, x = Image.new("L", (1000, 90)), 0
    for letter in "SAMPLE · NÜMUNƏ":
        glyph = _glyph(letter, font)
        mask.paste(glyph, (x, 0))
        x += glyph.width + 5
    return mask.crop((0, 0, x, mask.height))


def _glyph(letter: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> Image.Image:
    """One letter as a mask, standing on the same line as all others."""
    base = {"Ü": "U", "Ə": "e"}.get(letter, letter)
    glyph = Image.new("L", (round(font.getlength(base)), 90))
    pen = ImageDraw.Draw(glyph)
    pen.text((0, 66), base, font=font, fill=255, anchor="ls")
    if letter == "Ü":
        for x in (0.34, 0.66):
            pen.circle((x * glyph.width, 16), 4, fill=255)
    if letter == "Ə":  # the letter e, turned round and as high as a capital
        cap, small = Image.new("L", (34, 90)), glyph.crop(glyph.getbbox())
        cap.paste(small.transpose(Image.Transpose.ROTATE_180).resize((34, 42)), (0, 25))
        return cap
    return glyph
