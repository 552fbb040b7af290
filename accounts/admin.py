"""Administration of users, their roles, and agencies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership, User


class PersonCreationForm(AdminUserCreationForm):
    """The name and a first password; the page itself decides where the cursor stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.pop("autofocus", None)


class MembershipsInline(admin.StackedInline):
    """The roles of a person."""

    model = Membership
    extra = 1


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Users: rights come from roles alone; accounts are deactivated and never deleted."""

    list_display = ("username", "shown_name", "email", "shown_roles", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role", "memberships__agency")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    ordering = ("username",)
    inlines = (MembershipsInline,)
    add_form = PersonCreationForm
    fieldsets = (
        (None, {"fields": ("username", "password", "password_is_temporary")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email", "language")}),
        (_("State"), {"fields": ("is_active", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email", "language")}),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(description=_("name"))
    def shown_name(self, user: User) -> str:
        """The person's name."""
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def shown_roles(self, user: User) -> str:
        """Each role with where it holds."""
        return "、".join(
            f"{one.get_role_display()} ({one.agency or _('whole ministry')})"
            for one in user.memberships.all()
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the roles that the list shows."""
        found: QuerySet[User] = super().get_queryset(request)
        return found.prefetch_related("memberships__agency")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The record keeps its names."""
        return False

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        """A password that somebody else chose is temporary."""
        if not change:
            obj.password_is_temporary = True
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """A password that somebody else chose is temporary."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302 and str(request.user.pk) != id:
            User.objects.filter(pk=id).update(password_is_temporary=True)
        return response


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    """Agencies."""

    list_display = ("code", "name_zh", "name_en")
    search_fields = ("code", "name_zh", "name_en")
