"""What people type about projects and videos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser

from analysis.attributes import Switch, switches
from faceapp.accounts.access import teams_of
from faceapp.accounts.models import User
from faceapp.core.names import validate_visible
from faceapp.library.models import Project, Video, default_switches


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]
    """A project and its switches: Anything switched off is not computed and is hidden everywhere."""

    class Meta:
        model = Project
        fields = ("team", "name", "mode", "purpose", "switches")
        labels = {"purpose": "Purpose of the results"}
        widgets = {"mode": forms.RadioSelect, "purpose": forms.Textarea(attrs={"rows": 2})}

    switches = forms.MultipleChoiceField(required=False, initial=default_switches)

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["switches"].choices = [(key, one.title) for key, one in switches().items()]  # type: ignore[attr-defined]
        self.fields["name"].validators.append(validate_visible)
        teams = teams_of(user)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["team"].initial = teams.first()
        if self.instance.pk and not self.instance._state.adding:
            del self.fields["team"]  # a project does not move: its people could see what they should not

    @property
    def options(self) -> list[tuple[Switch, bool]]:
        """Every switch, and whether it is on."""
        on = self["switches"].value() or ()
        return [(switch, key in on) for key, switch in switches().items()]


class VideoNameForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Video
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(validate_visible)
