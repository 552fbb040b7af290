"""The production settings for a site that a test run builds and throws away."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["STATIC_ROOT"])
MEDIA_ROOT = Path(os.environ["MEDIA_ROOT"])
