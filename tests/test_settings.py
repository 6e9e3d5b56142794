"""The environment as settings."""

from __future__ import annotations

import importlib
import tomllib
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, SecretStr

from bridge.environment import SettingsError, names_of, read_env_file, unknown_names, validated
from bridge.inputs import ChoiceMode
from bridge.settings import (
    APP,
    KEY,
    PREFIXES,
    ApiKey,
    AppLogin,
    Settings,
    loopback,
    read_settings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
WITH_KEY = {"WIX_API_KEY": "k-secret", "WIX_SITE_ID": "site"}
WITH_APP = {"WIX_APP_ID": "app", "WIX_APP_SECRET": "a-secret", "WIX_INSTANCE_ID": "inst"}


def problems(**environ: str) -> tuple[str, ...]:
    """Return what is wrong with this environment."""
    with pytest.raises(SettingsError) as refused:
        read_settings(environ)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def test_without_an_environment_all_has_its_default() -> None:
    """A newcomer sets nothing; the upstream is then missing."""
    settings = read_settings({})
    assert settings.database == Path("threadform.db")
    assert settings.forms_file == Path("forms.toml")
    assert (settings.host, settings.port, settings.log_format) == ("127.0.0.1", 8000, "console")
    assert (settings.retention_days, settings.waiting_texts) == (30, 20)
    assert settings.wix is None
    assert settings.missing_wix() == (
        "WIX_API_KEY and WIX_SITE_ID (or WIX_APP_ID, WIX_APP_SECRET and WIX_INSTANCE_ID)"
    )


def test_texts_become_typed_values() -> None:
    """In whatever case, with white space around; an empty one is as good as none."""
    settings = read_settings(
        {
            "PORT": " 0 ",
            "HOST": "",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
            "STOP_GRACE": "2.5",
            "ALLOW_EPHEMERAL": "1",
            "CHECKOUT_HOSTS": "Pay.Example.com, x.test,",
            "PUBLIC_URL": "https://bot.example.com/",
            "WIX_CHOICE": "Values",
            "DATABASE_URL": "sqlite:////var/lib/t.db",
            "API_TOKEN": "t-secret",
        }
    )
    assert (settings.port, settings.host) == (0, "127.0.0.1")
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")
    assert (settings.stop_grace, settings.allow_ephemeral) == (2.5, True)
    assert settings.checkout_hosts == {"pay.example.com", "x.test"}
    assert settings.public_url == "https://bot.example.com"
    assert ChoiceMode(settings.wix_choice) is ChoiceMode.VALUES
    assert settings.database == Path("/var/lib/t.db")
    assert settings.api_token == SecretStr("t-secret")


@pytest.mark.parametrize("mode", ChoiceMode)
def test_every_way_to_send_a_choice_can_be_set(mode: ChoiceMode) -> None:
    """The words of the setting are those of the core."""
    assert read_settings({"WIX_CHOICE": mode.value}).wix_choice == mode.value


WEB = "must be an https address (http only for this machine)"


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("PORT", "80a", "must be a whole number"),
        ("PORT", "70000", "must be at most 65535"),
        ("PORT", "-1", "must be at least 0"),
        ("STOP_GRACE", "soon", "must be a number"),
        ("STOP_GRACE", "nan", "must be a number"),
        ("RETENTION_DAYS", "0", "must be at least 1"),
        ("ALLOW_EPHEMERAL", "perhaps", "must be 1 or 0"),
        ("LOG_LEVEL", "loud", "must be one of: 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("WIX_CHECKOUT", "v3", "must be one of: 'auto', 'v1' or 'v2'"),
        ("WIX_CHOICE", "both", "must be one of: 'label', 'label+values' or 'values'"),
        ("WIX_BASE_URL", "http://api.example.com", WEB),
        ("WIX_BASE_URL", "https://", WEB),
        ("WIX_BASE_URL", "https://[", WEB),
        ("WIX_BASE_URL", "https://user:pw@example.com", WEB),
        ("PUBLIC_URL", "bot.example.com", WEB),
        ("PUBLIC_URL", "https://bot example.com", WEB),
        (
            "CHECKOUT_HOSTS",
            "https://pay.example.com",
            "must be host names, separated by commas, without https://",
        ),
        (
            "DATABASE_URL",
            "postgresql+asyncpg://u:pw@db/x",
            "can't be PostgreSQL yet: use sqlite:///threadform.db",
        ),
        ("DATABASE_URL", "postgres://db/x", "can't be PostgreSQL yet: use sqlite:///threadform.db"),
        (
            "DATABASE_URL",
            "threadform.db",
            "must be sqlite:///file.db, or sqlite:////absolute/file.db",
        ),
        ("DATABASE_URL", "sqlite:///", "must be sqlite:///file.db, or sqlite:////absolute/file.db"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file, without options"),
        ("DATABASE_URL", "sqlite:///a.db?mode=ro", "must name a file, without options"),
    ],
)
def test_a_wrong_value_is_told_by_name_and_never_shown(name: str, value: str, advice: str) -> None:
    """One sentence that says what to do."""
    assert problems(**{name: value}) == (f"{name} {advice}",)


def test_all_faults_are_told_at_once() -> None:
    """Those of values and those between variables."""
    assert problems(PORT="x", LOG_FORMAT="y", WIX_API_KEY="z") == (
        "PORT must be a whole number",
        "LOG_FORMAT must be one of: 'console' or 'json'",
        "WIX_SITE_ID is missing: it goes with WIX_API_KEY",
    )


def test_a_key_with_its_site_reaches_the_upstream() -> None:
    """At the rate that the platform allows."""
    settings = read_settings(WITH_KEY)
    assert settings.wix is not None
    assert settings.wix.credentials == ApiKey(key=SecretStr("k-secret"), site="site")
    assert settings.wix.rate_per_minute == 200
    assert settings.missing_wix() == ""


def test_an_app_with_its_installation_reaches_the_upstream() -> None:
    """The other kind of credentials."""
    settings = read_settings(WITH_APP)
    assert settings.credentials == AppLogin(
        app="app", secret=SecretStr("a-secret"), instance="inst"
    )


@pytest.mark.parametrize(
    ("base", "rate", "expected"),
    [
        ("http://127.0.0.1:9", "", 0),
        ("http://127.0.0.1:9", "60", 60),
        ("https://x.test", "0", 0),
        ("https://x.test", "", 200),
    ],
)
def test_the_rate_is_unlimited_on_this_machine_alone(base: str, rate: str, expected: int) -> None:
    """Unless it is set."""
    settings = read_settings({**WITH_KEY, "WIX_BASE_URL": f"{base}/", "WIX_RATE_PER_MINUTE": rate})
    assert settings.wix is not None
    assert (settings.wix.base_url, settings.wix.rate_per_minute) == (base, expected)


@pytest.mark.parametrize("names", [KEY, APP])
def test_half_credentials_name_what_is_missing(names: tuple[str, ...]) -> None:
    """Each missing variable has its sentence."""
    for missing in names:
        present = {name: "value" for name in names if name != missing}
        (problem,) = problems(**present)
        assert problem.startswith(f"{missing} is missing: it goes with ")


def test_two_kinds_of_credentials_are_refused() -> None:
    """Nobody can tell which one is meant."""
    assert problems(**WITH_KEY, WIX_APP_ID="a") == (
        (
            "A key (WIX_API_KEY and WIX_SITE_ID) and an app's login (WIX_APP_ID)"
            " exclude each other: leave one of them out"
        ),
    )


@given(st.sampled_from(names_of(Settings)), st.text(min_size=4))
def test_no_value_stands_in_an_error_or_a_secret_in_a_repr(name: str, value: str) -> None:
    """Whatever is set: the settings or sentences without it."""
    value = f"%{value}~{name.lower()}"
    try:
        told = repr(read_settings({name: value}))
    except SettingsError as refused:
        told = "".join(traceback.format_exception(refused))
        secret = True
    else:
        secret = name in {"WIX_API_KEY", "WIX_APP_SECRET", "API_TOKEN"}
    assert not (secret and value.strip() in told)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """Also where it is empty; a file that isn't there says nothing."""
    path = tmp_path / ".env"
    path.write_text("PORT=1\nHOST=h\nLOG_FORMAT=json\n")
    settings = read_settings({"PORT": "2", "LOG_FORMAT": ""}, path)
    assert (settings.port, settings.host, settings.log_format) == (2, "h", "console")
    assert read_settings({}, tmp_path / "none").port == 8000


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    """Quotes and comments are known, nothing is expanded, a byte order mark does no harm."""
    path = tmp_path / ".env"
    path.write_bytes(b"\xef\xbb\xbfA=1\n# no\nexport B='x y'\nC=\"${A}$B\" # why\nD\nE=\r\nA=2\n")
    assert read_env_file(path) == {"A": "2", "B": "x y", "C": "${A}$B", "D": "", "E": ""}


def test_a_file_that_cant_be_read_says_where(tmp_path: Path) -> None:
    """The line, the encoding or the system's reason; no value."""
    path = tmp_path / ".env"
    path.write_text("A=1\nB='secret\n")
    with pytest.raises(SettingsError, match=r"^\.env, line 2: write NAME=value$"):
        read_env_file(path)
    path.write_bytes(b"A=\xff")
    with pytest.raises(SettingsError, match=r"^\.env is not UTF-8 text"):
        read_env_file(path)
    with pytest.raises(SettingsError, match="can't be read: Is a directory"):
        read_env_file(tmp_path)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000/x", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://a.LOCALHOST:1", True),
        ("http://0.0.0.0", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://127.0.0.1@example.com", False),
        ("http://10.0.0.1", False),
        ("localhost", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_loopback_is_this_very_machine(url: str, expected: bool) -> None:  # noqa: FBT001
    """By name or number, whatever else the address says."""
    assert loopback(url) is expected


def test_unknown_names_with_a_prefix_of_ours_are_warned_of() -> None:
    """And slips in names of ours; names of others are none of our business."""
    names = ("WIX_CHOIC", "WIX_ZZZZZZZ", "DATABSE_URL", "WIX_CHOICE", "PATH", "EDITOR")
    assert unknown_names(names, names_of(Settings), PREFIXES) == (
        "WIX_CHOIC is not a setting; did you mean 'WIX_CHOICE'?",
        "WIX_ZZZZZZZ is not a setting",
        "DATABSE_URL is not a setting; did you mean 'DATABASE_URL'?",
    )
    assert unknown_names(("ZZZ_A",), (), ()) == ()


class Sample(BaseModel):
    """Settings of some adapter."""

    token: SecretStr = Field(alias="SAMPLE_TOKEN", min_length=5)
    rate: float = Field(default=1, alias="SAMPLE_RATE", gt=0, lt=10)
    name: str = Field(default="", alias="SAMPLE_NAME", max_length=3, pattern="^a")
    plain: int = 3


def test_an_adapters_settings_are_read_in_the_same_way() -> None:
    """Only its own variables, empty ones left out."""
    settings = validated(
        Sample, {"SAMPLE_TOKEN": "12345", "SAMPLE_RATE": "", "OTHER": "x", "plain": "4"}
    )
    assert (settings.token.get_secret_value(), settings.rate, settings.plain) == ("12345", 1, 4)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ("SAMPLE_TOKEN is missing",)),
        ({"SAMPLE_TOKEN": "123"}, ("SAMPLE_TOKEN must have at least 5 characters",)),
        (
            {"SAMPLE_TOKEN": "12345", "SAMPLE_RATE": "0", "SAMPLE_NAME": "abcd"},
            ("SAMPLE_RATE must be more than 0", "SAMPLE_NAME must have at most 3 characters"),
        ),
        ({"SAMPLE_TOKEN": "12345", "SAMPLE_RATE": "10"}, ("SAMPLE_RATE must be less than 10",)),
        (
            {"SAMPLE_TOKEN": "12345", "SAMPLE_NAME": "b"},
            ("SAMPLE_NAME is wrong: String should match pattern '^a'",),
        ),
    ],
)
def test_an_adapters_faults_are_sentences_too(
    environ: dict[str, str], expected: tuple[str, ...]
) -> None:
    """With the variable's name."""
    with pytest.raises(SettingsError) as refused:
        validated(Sample, environ)
    assert [problem.removesuffix(".0") for problem in refused.value.problems] == [*expected]


def settings_classes() -> Iterator[type[BaseModel]]:
    """Yield the core's class and those of the adapters that the project names."""
    yield Settings
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for target in project["entry-points"]["threadform.adapters"].values():
        module, _, name = target.partition(":")
        yield getattr(importlib.import_module(module), name).settings


def test_the_example_lists_every_setting_with_its_default() -> None:
    """No more and no less, each with a comment above it."""
    path = ROOT / ".env.example"
    lines = path.read_text().splitlines()
    example = read_env_file(path)
    classes = [*settings_classes()]
    assert sorted(example) == sorted(name for kind in classes for name in names_of(kind))
    settings = [place for place, line in enumerate(lines) if line and not line.startswith("#")]
    assert all(lines[place - 1].startswith("# ") for place in settings)
    assert len(settings) == len(example)
    for kind in classes:
        fields = kind.model_fields.values()
        blank = {info.alias for info in fields if info.is_required() or not info.default}
        assert {name for name in names_of(kind) if example[name] in {"", "0"}} == blank
