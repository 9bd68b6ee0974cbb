"""Signing in and out, and the settings of a person and their teams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from faceapp.accounts import access, guessing, services
from faceapp.accounts.forms import MemberForm, SignInForm, TokenForm
from faceapp.accounts.requests import SignedInRequest
from faceapp.core.middleware import address_of


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            username, address = request.POST.get("username", ""), address_of(request)
            self.this_try = guessing.begin_try(username=username, address=address)
        except guessing.Locked:
            return locked_out(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        guessing.forget_tries(self.this_try)
        return super().form_valid(form)


class SignOut(auth_views.LogoutView):
    http_method_names = ["post"]


class ChangePassword(auth_views.PasswordChangeView):
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:settings")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Password changed.")
        return super().form_valid(form)


def locked_out(request: HttpRequest) -> HttpResponse:
    """After too many tries, for accounts that exist and for those that do not."""
    minutes = int(settings.SIGN_IN_LOCK.total_seconds() // 60)
    sentence = f"Too many attempts. Wait {minutes} minutes, then try again."
    context = {"form": SignInForm(request), "sentence": sentence}
    return render(request, "accounts/sign_in.html", context, status=429)


@require_GET
@never_cache
def show_settings(request: SignedInRequest) -> HttpResponse:
    return _settings_page(request)


@require_POST
@never_cache
def add_member(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Makes an account in this team; its password is shown on the page that answers, and never again."""
    team = access.get_team_owned_or_404(request.user, pk)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, member_form=form, status=422)
    try:
        account = services.invite_member(team=team, name=form.cleaned_data["name"])
    except services.TeamChangeRefused as refused:
        form.add_error("name", str(refused))
        return _settings_page(request, member_form=form, status=422)
    return _settings_page(request, new_account=account)


@require_POST
def remove_member(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = access.get_membership_or_404(request.user, pk)
    try:
        services.remove_member(membership=membership)
    except services.TeamChangeRefused as refused:
        messages.error(request, str(refused))
    return redirect("accounts:settings")


@require_POST
@never_cache
def create_token(request: SignedInRequest) -> HttpResponse:
    """The token is shown on the page that answers, and never again."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, token_form=form, status=422)
    _token, text = services.create_token(user=request.user, **form.cleaned_data)
    return _settings_page(request, new_token=text)


@require_POST
def revoke_token(request: SignedInRequest, pk: UUID) -> HttpResponse:
    services.revoke_token(token=access.get_token_or_404(request.user, pk))
    messages.success(request, "Token revoked.")
    return redirect("accounts:settings")


def _settings_page(request: SignedInRequest, *, status: int = 200, **extra: object) -> HttpResponse:
    context = {
        "memberships": request.user.memberships.select_related("team").prefetch_related("team__memberships__user"),
        "owned_teams": set(access.teams_owned_by(request.user).values_list("pk", flat=True)),
        "tokens": request.user.api_tokens.filter(revoked_at=None),
        "member_form": MemberForm(),
        "token_form": TokenForm(),
        **extra,
    }
    return render(request, "accounts/settings.html", context, status=status)
