"""Whatever anybody sends to any address there is: no answer is a fault of ours, and the server serves on.

The addresses are read from the running server, so that a new door is tried by itself. Here a few, always
the same ones; tests/proof has 20,000 requests that are new each time.
"""

from tests.fuzzing import addresses, attack

FEW = 60


def test_every_address_of_the_server_is_tried(server):
    """Ours, the pages with their connections, and what Panel and Bokeh put there."""
    found = addresses(server)
    for address in ("/login", "/upload", "/hooks/simulated/inbound", "/metrics", "/healthz", "/", "/ws", "/roles/ws"):
        assert address in found, found


def test_nothing_that_is_sent_to_a_server_is_answered_with_a_fault(server, caplog):
    attack(server, FEW, derandomize=True)
    assert "Traceback" not in caplog.text


def test_nor_to_a_demo_and_to_one_behind_a_proxy(servers, caplog):
    for server in (servers.demo, servers.public):
        attack(server, FEW // 3, derandomize=True)
    assert "Traceback" not in caplog.text
