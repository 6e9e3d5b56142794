"""What can be set for Telegram."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from adapters.telegram.settings import TelegramSettings

TOKEN = "7000000001:AAF-secret_part"


def made(**named):
    """Return settings by their names in the environment."""
    return TelegramSettings.model_validate({"TELEGRAM_BOT_TOKEN": TOKEN, **named})


def test_the_token_is_enough():
    """With the token alone it polls at the public address, at the documented rates."""
    settings = made()
    assert settings.bot == 7000000001
    assert (settings.mode, settings.api_url) == ("polling", "https://api.telegram.org")
    assert settings.base_url == "https://api.telegram.org/bot"
    assert (settings.rate, settings.chat_rate, settings.group_rate) == (30.0, 1.0, 20.0)


@pytest.mark.parametrize("token", ["", "secretpart", "x:secretpart", "7:", "7:a/secretpart", "7:é"])
def test_a_wrong_token_is_refused_with_advice(token):
    """What can't be a token is refused at once; the error says where to get one, and hides it."""
    with pytest.raises(ValidationError) as refused:
        made(TELEGRAM_BOT_TOKEN=token)
    assert "@BotFather" in str(refused.value)
    assert "secretpart" not in str(refused.value)


@pytest.mark.parametrize("secret", ["", "with space", "é", "x" * 257, "a.b"])
def test_a_secret_that_telegram_refuses_is_refused(secret):
    """The webhook's secret has the letters and the length that setWebhook takes."""
    with pytest.raises(ValidationError) as refused:
        made(TELEGRAM_WEBHOOK_SECRET=secret)
    assert "A-Z" in str(refused.value)


def test_a_given_secret_is_used():
    """The operator's own secret counts."""
    assert made(TELEGRAM_WEBHOOK_SECRET="My_own-1").secret == "My_own-1"
    assert made(TELEGRAM_WEBHOOK_SECRET=None).secret == made().secret


def test_the_derived_secret_belongs_to_the_token():
    """Unset, the secret is the same at each start, another for each token, and does not hold it."""
    secret = made().secret
    assert secret == made().secret
    assert secret != made(TELEGRAM_BOT_TOKEN="7000000001:other").secret
    assert made(TELEGRAM_WEBHOOK_SECRET=secret).secret == secret
    assert TOKEN.partition(":")[2] not in secret


def test_tickets_have_a_key_of_their_own():
    """What Telegram is told does not let anybody sign tickets."""
    settings = made()
    assert settings.ticket_key.hex() != settings.secret
    assert settings.ticket_key == made(TELEGRAM_WEBHOOK_SECRET="other").ticket_key


@pytest.mark.parametrize(
    "url",
    [
        "https://bots.example/",
        "https://bots.example:8443/prefix",
        "http://127.0.0.1:8081",
        "http://[::1]:8081",
        "http://localhost:8081/",
    ],
)
def test_safe_addresses_are_taken(url):
    """Any https address and this very machine will do; a slash at the end does not count."""
    assert made(TELEGRAM_API_URL=url).base_url == url.rstrip("/") + "/bot"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bots.example",
        "http://bots.example",
        "http://10.0.0.1:8081",
        "ftp://127.0.0.1",
        "https://",
        "https://user:pw@bots.example",
        "https://bots.example/?x=1",
        "https://bots.example/#x",
        "https://bots.example:port",
        "https://bots .example",
        "https://[::1",
    ],
)
def test_unsafe_addresses_are_refused(url):
    """The token is in every request's address, so it must not be readable on the way."""
    with pytest.raises(ValidationError, match="https"):
        made(TELEGRAM_API_URL=url)


@pytest.mark.parametrize(
    "name",
    [
        "TELEGRAM_RATE_PER_SECOND",
        "TELEGRAM_CHAT_RATE_PER_SECOND",
        "TELEGRAM_GROUP_RATE_PER_MINUTE",
    ],
)
@pytest.mark.parametrize("rate", ["-1", "inf", "nan", "many"])
def test_rates_are_numbers(name, rate):
    """A rate is a number from 0 on."""
    with pytest.raises(ValidationError, match=name):
        made(**{name: rate})


def test_modes_are_known():
    """Anything but polling and webhook is refused."""
    assert made(TELEGRAM_MODE="webhook").mode == "webhook"
    with pytest.raises(ValidationError, match="TELEGRAM_MODE"):
        made(TELEGRAM_MODE="push")


def test_settings_show_no_secret():
    """Neither the token nor a secret is in what the settings say of themselves (law 13)."""
    settings = made(TELEGRAM_WEBHOOK_SECRET="My_own-1")
    said = repr(settings) + str(settings)
    assert TOKEN not in said
    assert "My_own-1" not in said
