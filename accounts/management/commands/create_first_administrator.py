"""manage.py create_first_administrator."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Membership, Role, User


class Command(BaseCommand):
    """Make the account that makes all others, when there is none yet."""

    help = "Creates the first administrator with a one-time password, unless there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The account's name."""
        parser.add_argument("--username", default="admin")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Print the password once; only its hash is stored, and the first sign-in replaces it."""
        if Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
            self.stdout.write("There is an administrator already.")
            return
        name = options["username"].strip().lower()
        if User.objects.filter(username=name).exists():
            raise CommandError(f"There is a user “{name}” already; give another --username.")
        password = secrets.token_urlsafe(12)
        user = User.objects.create_user(name, password=password, password_is_temporary=True)
        for role in (Role.ADMINISTRATOR, Role.PLANNER):
            Membership.objects.create(user=user, role=role)
        self.stdout.write("The first administrator, also planner, may sign in once with")
        self.stdout.write(f"  user name: {name}")
        self.stdout.write(f"  password: {password}")
