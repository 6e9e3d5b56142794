"""The environment becomes the core's typed settings.

Knows: the core's variables, their defaults and limits. Must not know: those of any adapter, which
go through `environment.validated` with the adapter's own class.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from bridge.environment import SettingsError, given, names_of, problems_in, read_env_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIXES = ("WIX_",)
"""Of the core's variables; a name in `.env` with one of these that is no setting is warned of."""

KEY = ("WIX_API_KEY", "WIX_SITE_ID")
APP = ("WIX_APP_ID", "WIX_APP_SECRET", "WIX_INSTANCE_ID")

RATE_PER_MINUTE = 200
"""Requests a minute of one app instance. Source: the platform's article on rate limits."""

_SQLITE = "sqlite:///"


def loopback(url: str) -> bool:
    """Tell whether the address points at this very machine."""
    host = _host(url)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def web_address(url: str) -> str:
    """Return the address; ValueError unless it is https, or http to this very machine."""
    scheme, _, rest = url.partition("://")
    good = scheme == "https" or (scheme == "http" and loopback(url))
    if not good or not _host(url) or "@" in rest or any(sign.isspace() for sign in url):
        raise ValueError("must be an https address (http only for this machine)")
    return url


def _base(url: str) -> str:
    return web_address(url).rstrip("/")


def _database(url: str) -> str:
    if url.startswith(("postgres:", "postgresql:", "postgresql+")):
        raise ValueError("can't be PostgreSQL yet: use sqlite:///threadform.db")
    if not url.startswith(_SQLITE) or not url.removeprefix(_SQLITE).strip("/"):
        raise ValueError("must be sqlite:///file.db, or sqlite:////absolute/file.db")
    if "?" in url or url == f"{_SQLITE}:memory:":
        raise ValueError("must name a file, without options")
    return url


def _hosts(text: str) -> frozenset[str]:
    hosts = frozenset(host.strip().lower() for host in text.split(",") if host.strip())
    if any("/" in host or ":" in host for host in hosts):
        raise ValueError("must be host names, separated by commas, without https://")
    return hosts


def _upper(text: str) -> str:
    return text.upper()


def _lower(text: str) -> str:
    return text.lower()


ChoiceWord: TypeAlias = Literal["label", "label+values", "values"]
CheckoutWord: TypeAlias = Literal["auto", "v1", "v2"]
_WebAddress: TypeAlias = Annotated[str, AfterValidator(_base)]
_Level: TypeAlias = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An account's key, used for one site."""

    key: SecretStr
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLogin:
    """An app's secret, used for one installation of it."""

    app: str
    secret: SecretStr
    instance: str


Credentials: TypeAlias = ApiKey | AppLogin


@dataclass(frozen=True, slots=True, kw_only=True)
class Wix:
    """How to reach the upstream. `rate_per_minute` 0 is no limit."""

    base_url: str
    credentials: Credentials
    rate_per_minute: int
    checkout: CheckoutWord
    streaming: bool


class Settings(BaseModel):
    """The core's settings, by the names of the environment; `.env.example` says what each does."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database)] = Field(
        default="sqlite:///threadform.db", alias="DATABASE_URL"
    )
    forms_file: Path = Field(default=Path("forms.toml"), alias="FORMS_FILE")
    host: str = Field(default="127.0.0.1", alias="HOST")
    port: int = Field(default=8000, alias="PORT", ge=0, le=65535)
    public_url: _WebAddress = Field(default="", alias="PUBLIC_URL")
    log_level: _Level = Field(default="INFO", alias="LOG_LEVEL")
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = Field(
        default="console", alias="LOG_FORMAT"
    )
    api_token: SecretStr | None = Field(default=None, alias="API_TOKEN")
    stop_grace: float = Field(default=25.0, alias="STOP_GRACE", ge=0, le=3600, allow_inf_nan=False)
    retention_days: int = Field(default=30, alias="RETENTION_DAYS", ge=1, le=36500)
    checkout_hosts: Annotated[frozenset[str], BeforeValidator(_hosts)] = Field(
        default=frozenset(), alias="CHECKOUT_HOSTS"
    )
    allow_ephemeral: bool = Field(default=False, alias="ALLOW_EPHEMERAL")
    turns_per_hour: int = Field(default=120, alias="TURNS_PER_HOUR", ge=0)
    waiting_texts: int = Field(default=20, alias="WAITING_TEXTS", ge=1, le=1000)
    wix_base_url: _WebAddress = Field(default="https://www.wixapis.com", alias="WIX_BASE_URL")
    wix_api_key: SecretStr | None = Field(default=None, alias="WIX_API_KEY")
    wix_site_id: str = Field(default="", alias="WIX_SITE_ID")
    wix_app_id: str = Field(default="", alias="WIX_APP_ID")
    wix_app_secret: SecretStr | None = Field(default=None, alias="WIX_APP_SECRET")
    wix_instance_id: str = Field(default="", alias="WIX_INSTANCE_ID")
    wix_rate_per_minute: int | None = Field(default=None, alias="WIX_RATE_PER_MINUTE", ge=0)
    wix_choice: Annotated[ChoiceWord, BeforeValidator(_lower)] = Field(
        default="label+values", alias="WIX_CHOICE"
    )
    wix_checkout: Annotated[CheckoutWord, BeforeValidator(_lower)] = Field(
        default="auto", alias="WIX_CHECKOUT"
    )
    wix_streaming: bool = Field(default=False, alias="WIX_STREAMING")

    @property
    def database(self) -> Path:
        """The database's file."""
        return Path(self.database_url.removeprefix(_SQLITE))

    @property
    def credentials(self) -> Credentials | None:
        """Who we are for the upstream; None where nothing says so."""
        if self.wix_api_key:
            return ApiKey(key=self.wix_api_key, site=self.wix_site_id)
        if self.wix_app_secret:
            return AppLogin(
                app=self.wix_app_id, secret=self.wix_app_secret, instance=self.wix_instance_id
            )
        return None

    @property
    def wix(self) -> Wix | None:
        """How to reach the upstream; None without credentials."""
        if self.credentials is None:
            return None
        unlimited = loopback(self.wix_base_url)
        rate = 0 if unlimited else RATE_PER_MINUTE
        return Wix(
            base_url=self.wix_base_url,
            credentials=self.credentials,
            rate_per_minute=rate if self.wix_rate_per_minute is None else self.wix_rate_per_minute,
            checkout=self.wix_checkout,
            streaming=self.wix_streaming,
        )

    def missing_wix(self) -> str:
        """Return which variables to set for the upstream, or "" where it can be reached."""
        return "" if self.credentials else f"{_listed(KEY)} (or {_listed(APP)})"


def read_settings(environ: Mapping[str, str], env_file: Path | None = None) -> Settings:
    """Return the settings of the environment, which wins over the file.

    Raises `SettingsError` with every problem.
    """
    merged = {**(read_env_file(env_file) if env_file else {}), **environ}
    values = given(merged, names_of(Settings))
    problems = _credential_problems(values)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError((*problems_in(error), *problems)) from None
    if problems:
        raise SettingsError(problems)
    return settings


def _credential_problems(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is wrong with the choice between a key and an app's login."""
    key, app = ([name for name in names if name in values] for names in (KEY, APP))
    if key and app:
        kinds = f"A key ({_listed(key)}) and an app's login ({_listed(app)})"
        return (f"{kinds} exclude each other: leave one of them out",)
    return tuple(
        f"{name} is missing: it goes with {_listed(some)}"
        for names, some in ((KEY, key), (APP, app))
        for name in names
        if some and name not in some
    )


def _listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: "A, B and C"."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
