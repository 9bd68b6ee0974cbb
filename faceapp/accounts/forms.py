"""What people type about accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from faceapp.accounts.models import ApiToken
from faceapp.core.names import validate_visible

LIFETIMES = (("30", "in 30 days"), ("90", "in 90 days"), ("365", "in a year"), ("0", "never"))  # of tokens, in days
DEFAULT_LIFETIME = "90"


class SignInForm(AuthenticationForm):
    """One sentence for every way of failing: it does not say whether there is such an account."""

    error_messages: Any = {
        "invalid_login": "The username or password is incorrect.",
        "inactive": "The username or password is incorrect.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """After a wrong password it is the password that is typed again: there the page begins."""
        super().__init__(*args, **kwargs)
        if self.data.get("username"):
            self.fields["username"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True


class MemberForm(forms.Form):
    name = forms.CharField(label="Name", max_length=100, validators=[validate_visible])


class TokenForm(forms.Form):
    name = forms.CharField(label="Purpose", max_length=80, validators=[validate_visible])
    scope = forms.ChoiceField(label="Access", choices=ApiToken.Scope.choices, initial=ApiToken.Scope.READ)
    days = forms.ChoiceField(label="Expires", choices=LIFETIMES, initial=DEFAULT_LIFETIME, required=False)

    def clean_days(self) -> int:
        """0 is never; who does not choose gets the default."""
        return int(self.cleaned_data["days"] or DEFAULT_LIFETIME)
