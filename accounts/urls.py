"""Addresses of signing in and out."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign_in"),
    path("sign-out/", views.SignOutView.as_view(), name="sign_out"),
    path("password/", views.ChangePasswordView.as_view(), name="change_password"),
    path("language/", views.language, name="language"),
]
