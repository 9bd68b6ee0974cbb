"""The page Accounts, for staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from faceapp.accounts.models import Team, User
from faceapp.accounts.requests import SignedInRequest
from faceapp.accounts.services import NewAccount, TeamChangeRefused
from faceapp.core.names import validate_visible
from faceapp.operations import accounts
from faceapp.operations.pages import staff_only


class AccountForm(forms.Form):
    username = forms.CharField(
        label="Username", max_length=150, validators=[UnicodeUsernameValidator(), validate_visible]
    )
    name = forms.CharField(label="Name", max_length=100, required=False)
    team = forms.ModelChoiceField(
        label="Team", queryset=Team.objects.order_by("name"), required=False, empty_label="A new team"
    )
    is_staff = forms.BooleanField(label="Staff: sees Operations and Accounts", required=False)


@require_GET
@never_cache
@staff_only
def show(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@require_POST
@never_cache
@staff_only
def create(request: SignedInRequest) -> HttpResponse:
    """The password is shown on the page that answers, and never again."""
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        return _page(request, new_account=accounts.create(**form.cleaned_data))
    except TeamChangeRefused as refused:
        form.add_error("username", str(refused))
        return _page(request, form=form, status=422)


@require_POST
@never_cache
@staff_only
def reset_password(request: SignedInRequest, number: int) -> HttpResponse:
    return _page(request, new_account=accounts.reset_password(account=_account_or_404(number)))


@require_POST
@staff_only
def set_active(request: SignedInRequest, number: int) -> HttpResponse:
    is_active = request.POST.get("active") == "1"
    account = _account_or_404(number)
    return _done(request, f"{account} is {'active' if is_active else 'deactivated'}.", lambda: accounts.set_active(
        account=account, is_active=is_active, by=request.user))  # fmt: skip


@require_POST
@staff_only
def delete(request: SignedInRequest, number: int) -> HttpResponse:
    account = _account_or_404(number)
    return _done(request, f"{account} was deleted.", lambda: accounts.delete(account=account, by=request.user))


def _done(request: SignedInRequest, sentence: str, change: Any) -> HttpResponse:
    try:
        change()
    except TeamChangeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)
    return redirect("operations:accounts")


def _account_or_404(number: int) -> User:
    return get_object_or_404(User, pk=number)


def _page(request: SignedInRequest, *, status: int = 200, **extra: AccountForm | NewAccount) -> HttpResponse:
    context = {"accounts": accounts.all_accounts(), "form": AccountForm(), **extra}
    return render(request, "operations/accounts.html", context, status=status)
