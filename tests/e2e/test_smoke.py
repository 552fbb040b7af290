"""The site stands: its first page answers and is silent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize(("path", "language"), [("/", "zh-hant"), ("/en/", "en")])
def test_the_overview_answers_in_either_language(
    page: Page, axe: Callable[[Page], None], path: str, language: str
) -> None:
    response = page.goto(path)
    assert response is not None
    assert response.status == 200
    assert (page.locator("html").get_attribute("lang") or "").lower() == language
    axe(page)


@pytest.mark.expects_status(404)
def test_what_does_not_exist_is_not_found(page: Page) -> None:
    response = page.goto("/indicators/99.9.9/")
    assert response is not None
    assert response.status == 404
