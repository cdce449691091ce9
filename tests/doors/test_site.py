"""The site: under which names people reach this server."""

import pytest

from dashboard.doors.site import site


def test_without_a_public_address_it_is_this_machine_with_its_port():
    here = site(5006)
    assert here.hosts == {"127.0.0.1:5006", "localhost:5006"}
    assert here.origins == {"http://127.0.0.1:5006", "http://localhost:5006"}
    assert not here.is_secure


def test_the_usual_port_may_be_left_out():
    assert site(80).hosts == {"127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"}
    assert "http://localhost" in site(80).origins


@pytest.mark.parametrize(
    ("url", "hosts", "is_secure"),
    [
        ("https://texts.example.com", {"texts.example.com", "texts.example.com:443"}, True),
        ("https://texts.example.com:8443", {"texts.example.com:8443"}, True),
        ("http://inbox", {"inbox", "inbox:80"}, False),
    ],
)
def test_a_public_address_comes_beside_it(url, hosts, is_secure):
    public = site(5006, url)
    assert public.hosts - site(5006).hosts == hosts
    assert public.origins - site(5006).origins == {url}
    assert public.is_secure == is_secure


def test_a_page_connects_to_the_name_it_was_asked_for_under_and_to_no_strangers():
    public = site(5006, "https://texts.example.com")
    assert public.sockets("Texts.example.com") == "ws://texts.example.com wss://texts.example.com"
    assert public.sockets("evil.example") == ""


def test_a_company_that_calls_under_a_name_of_its_own_is_answered_at_the_hooks_and_nowhere_else():
    ours = site(5006, "https://texts.example.com", ("http://center.internal:5006",))
    assert ours.answers_to("center.internal:5006", "/hooks/kannel/mo")
    assert not ours.answers_to("center.internal:5006", "/")
    assert not ours.answers_to("other.internal:5006", "/hooks/kannel/mo")
    assert ours.answers_to("texts.example.com", "/")
