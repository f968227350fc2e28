"""Where the tests keep pictures: a folder whose files bear the time of the test."""

import os
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.utils import timezone


class ClockedStorage(FileSystemStorage):
    """A disk stamps files by the machine's clock, which no test can turn: what is old would depend on today's date."""

    def _save(self, name: str, content: Any) -> str:
        written = super()._save(name, content)
        moment = timezone.now().timestamp()
        os.utime(self.path(written), (moment, moment))
        return written
