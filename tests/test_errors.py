"""Error pages: in the reader's language, with a way on, without a trace of the inside."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.defaults import bad_request, server_error

from config.urls import urlpatterns as every

pytestmark = pytest.mark.django_db


def suspicious(_request: object) -> HttpResponse:
    raise SuspiciousOperation("secret inside")


def broken(_request: object) -> HttpResponse:
    raise RuntimeError("secret inside")


urlpatterns = [path("suspicious/", suspicious), path("broken/", broken), *every]
handler400, handler500 = bad_request, server_error

OURS = pytest.mark.urls("tests.test_errors")


@OURS
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/no/such/page/", 404, "找不到這個頁面"),
        ("/en/no/such/page/", 404, "There is no such page"),
        ("/suspicious/", 400, "無法處理這項要求"),
        ("/broken/", 500, "系統發生錯誤"),
        ("/broken/", 500, "Something went wrong"),
    ],
)
def test_error_pages(client: Client, address: str, status: int, words: str) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "secret inside" not in page
    assert "Traceback" not in page


@OURS
def test_the_page_for_a_fault_needs_no_database(
    client: Client, django_assert_num_queries: object
) -> None:
    client.raise_request_exception = False
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/broken/")


@pytest.mark.parametrize(("prefix", "words"), [("", "表單已失效"), ("/en", "The form has expired")])
def test_a_form_without_its_token_is_refused(prefix: str, words: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"{prefix}/preferences/", {"era": "roc"})
    assert response.status_code == 403
    assert words in response.content.decode()


def test_every_page_carries_the_strict_policy(client: Client) -> None:
    for address in ("/", "/admin/login/", "/no/such/page/", "/accounts/sign-in/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
