"""What rows of every app share."""

from __future__ import annotations

import uuid

from django.db import models


class UuidModel(models.Model):
    """A row that is named in addresses: its key tells a stranger nothing and cannot be counted up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
