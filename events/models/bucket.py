from django.db import models


class Bucket(models.Model):
    """How often something was done by one source in one window of time: what `limits` counts.

    The key is a keyed hash of what was done and by whom (an address or a network). Nobody reads an address from it, and
    `purge` deletes it when the window is over.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)  # for purge

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%Y-%m-%d %H:%M}"
