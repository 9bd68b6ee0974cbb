"""What people type about comparisons."""

from __future__ import annotations

from typing import Any

from django import forms

from faceapp.comparisons.models import SavedComparison
from faceapp.core.names import validate_visible


class ComparisonNameForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SavedComparison
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(validate_visible)
