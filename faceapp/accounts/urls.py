"""Addresses of signing in and of settings."""

from __future__ import annotations

from django.urls import path

from faceapp.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="login"),
    path("sign-out/", views.SignOut.as_view(), name="logout"),
    path("settings/", views.show_settings, name="settings"),
    path("settings/password/", views.ChangePassword.as_view(), name="password"),
    path("settings/teams/<uuid:pk>/members/", views.add_member, name="add_member"),
    path("settings/members/<int:pk>/remove/", views.remove_member, name="remove_member"),
    path("settings/tokens/", views.create_token, name="create_token"),
    path("settings/tokens/<uuid:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
