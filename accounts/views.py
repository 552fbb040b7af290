"""Signing in and out, and choosing a password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import SignInForm
from accounts.models import User


class SignInView(auth_views.LoginView):
    """The one way in; also the administration leads here."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOutView(auth_views.LogoutView):
    """Ends the session, by POST only."""


class ChangePasswordView(auth_views.PasswordChangeView):
    """A lasting password in place of the temporary or the old one."""

    template_name = "accounts/change_password.html"
    form_class = PasswordChangeForm
    success_url = reverse_lazy("start")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """The new password is no longer temporary; other sessions of the person end."""
        form.user.password_is_temporary = False
        response = super().form_valid(form)
        messages.success(self.request, _("Your new password is in force."))
        return response


@login_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in which letters are written to the person."""
    assert isinstance(request.user, User)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
        messages.success(request, _("Letters to you will be in this language."))
    return redirect("start")
