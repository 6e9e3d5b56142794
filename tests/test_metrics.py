"""Metrics: each thing that happens is counted under the name that operators know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.metrics import Metrics


def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return one number."""
    return metrics.registry.get_sample_value(f"threadform_{name}", labels)


@pytest.mark.parametrize(
    ("happen", "name", "labels", "value"),
    [
        (
            lambda m: m.accepted("sms", 3),
            "events_total",
            {"channel": "sms", "taken": "accepted"},
            3,
        ),
        (lambda m: m.duplicate("sms"), "events_total", {"channel": "sms", "taken": "duplicate"}, 1),
        (
            lambda m: m.answered_request("sms", 403),
            "webhook_requests_total",
            {"channel": "sms", "status": "403"},
            1,
        ),
        (lambda m: m.turn_ended("unknown", 3), "turns_total", {"outcome": "unknown"}, 1),
        (lambda m: m.turn_ended("answered", 3), "turn_seconds_sum", {}, 3),
        (lambda m: m.turn_ended("answered", 3), "turn_seconds_bucket", {"le": "4.0"}, 1),
        (lambda m: m.turn_ended("answered", 3), "turn_seconds_bucket", {"le": "2.0"}, 0),
        (
            lambda m: m.delivery_ended("sms", "later"),
            "deliveries_total",
            {"channel": "sms", "outcome": "later"},
            1,
        ),
        (lambda m: m.repeated("sms"), "uncertain_total", {"channel": "sms", "done": "repeated"}, 1),
        (lambda m: m.skipped("sms"), "uncertain_total", {"channel": "sms", "done": "skipped"}, 1),
        (lambda m: m.outbox_ready(7), "outbox_ready", {}, 7),
        (lambda m: m.mailboxes_active(7), "mailboxes_active", {}, 7),
        (lambda m: m.upstream_waiting(7), "upstream_waiting", {}, 7),
        (lambda m: m.links_owed(7), "checkout_links_owed", {}, 7),
    ],
)
def test_what_happens_is_counted(happen, name, labels, value):
    """Each thing that happens changes its own number by what happened."""
    metrics = Metrics()

    happen(metrics)

    assert value == sample(metrics, name, **labels)


@given(
    st.from_regex(r"[a-z]+:[0-9+]+", fullmatch=True)
    | st.text().filter(lambda text: not text.islower())
)
def test_a_key_never_becomes_a_label(key):
    """A thread's or person's key that strays in is counted as "other"."""
    metrics = Metrics()

    metrics.accepted(key)

    assert 1 == sample(metrics, "events_total", channel="other", taken="accepted")


def test_two_bridges_count_apart():
    """Counting in one leaves the other alone."""
    one, other = Metrics(), Metrics()

    one.accepted("sms")

    assert sample(other, "events_total", channel="sms", taken="accepted") is None


def test_the_exposition_is_prometheus_text():
    """What is scraped names each family with its help, and the process beside ours."""
    text = Metrics().exposition().decode()

    assert "# HELP threadform_outbox_ready Calls that wait for delivery." in text
    assert "threadform_outbox_ready 0.0" in text
