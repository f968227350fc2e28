"""A picture in a form: cleaned when it comes, and kept while the other fields are put right."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from events import images

KEPT_FOR = timedelta(days=1)  # `purge` leaves pictures without an event alone for longer
_SALT = "kept picture"


@dataclass(frozen=True)
class StoredPicture:
    """A picture in the storage: its name, and the size in pixels of its largest rendition."""

    name: str
    width: int
    height: int


class PictureField(forms.FileField):
    """An uploaded picture, cleaned; what is wrong with it is an error at the field."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> images.CleanPicture | None:
        upload = super().clean(data, initial)
        try:
            return images.clean(upload.file) if upload else None
        except (images.BadPicture, images.NotStored) as error:
            raise ValidationError(str(error), code="picture") from error


def store(picture: images.CleanPicture) -> StoredPicture:
    """Store all renditions; `images.NotStored` if there is no room for them."""
    return StoredPicture(images.store(picture), picture.width, picture.height)


def make_token(stored: StoredPicture) -> str:
    """What a form holds to bring a stored picture along when it comes back."""
    return signing.dumps(asdict(stored), salt=_SALT)


def find_kept(token: str, *, own: str = "") -> StoredPicture | None:
    """The picture of a token, unless that is not of our making, too old (but for an event's `own`), or gone."""
    try:
        kept = StoredPicture(**signing.loads(token, salt=_SALT))
        if kept.name != own:
            signing.loads(token, salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return kept if images.exists(kept.name, kept.width) else None
