"""The file forms.toml."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.catalogue import CatalogueError, add_entry, load, parse
from bridge.forms import FormEntry
from bridge.phrases import Phrase

GUID = "5f1d0a3e-0000-4000-8000-00000000f001"
ROOT = Path(__file__).parent.parent


def problems(text: str) -> tuple[str, ...]:
    """Return what is wrong with this text."""
    with pytest.raises(CatalogueError) as refused:
        parse(text)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def entry(slug: str = "cake", *lines: str) -> str:
    """Return a table with what must be there and these lines."""
    return "\n".join([f"[forms.{slug}]", f'form_id = "{GUID}"', 'title = "Cake"', *lines, ""])


def test_the_example_reads_without_faults() -> None:
    """A newcomer begins with it."""
    (cake,) = load(ROOT / "forms.toml").entries
    assert (cake.slug, cake.prefill, cake.channels) == ("cake", {}, ())


def test_the_example_shows_every_key() -> None:
    """Each key of an entry stands in it, if only in a comment."""
    text = (ROOT / "forms.toml").read_text()
    keys = [key for key in FormEntry.__dataclass_fields__ if key != "slug"]
    assert [key for key in keys if key not in text] == []


def test_an_entry_has_all_that_the_file_says() -> None:
    """And the defaults for what it doesn't."""
    text = entry(
        "cake",
        'description = "d"',
        'channels = ["sms"]',
        'default_for = ["sms"]',
        'keywords = ["cake"]',
        "dry_run = true",
        'form_url = "http://localhost:1/f/"',
        'contact = "Ada"',
        'privacy_url = "https://x.test/p"',
        "shared = true",
        'expires_after = "12 hours"',
        "prefill = { a = [1, 2.5, true], b = { c = 'd' } }",
        'phrases = { paid = "Thanks." }',
    )
    catalogue = parse(text + '[phrases]\ncancelled = "Stopped."\n')
    assert catalogue.entries == (
        FormEntry(
            slug="cake",
            form_id=GUID,
            title="Cake",
            description="d",
            channels=("sms",),
            default_for=("sms",),
            keywords=("cake",),
            dry_run=True,
            prefill={"a": [1, 2.5, True], "b": {"c": "d"}},
            form_url="http://localhost:1/f/",
            contact="Ada",
            privacy_url="https://x.test/p",
            shared=True,
            expires_after=43_200.0,
            phrases={"paid": "Thanks."},
        ),
    )
    assert catalogue.phrases.say(Phrase.CANCELLED) == "Stopped."
    assert parse(entry()).entries == (FormEntry(slug="cake", form_id=GUID, title="Cake"),)
    assert parse("").entries == ()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90", 90.0),
        ("1.5", 1.5),
        ('"30 seconds"', 30.0),
        ('"1 minute"', 60.0),
        ('"1.5 Hours"', 5400.0),
        ('" 7 days "', 604_800.0),
        ('"2weeks"', 1_209_600.0),
    ],
)
def test_a_time_is_written_in_words_or_seconds(said: str, seconds: float) -> None:
    """Both are seconds within."""
    assert parse(entry("cake", f"expires_after = {said}")).entries[0].expires_after == seconds


TIME = 'forms.cake: \'expires_after\' must be a time such as "7 days", "12 hours", or seconds'
JSON = "can hold texts (dates too, in quotes), numbers, true, false and lists"
NO_TOML = "not written as TOML wants it; is a quote or bracket missing?"
WEB = "must be an https address (http only for this machine)"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("keyword = []", "forms.cake: 'keyword' is not a key; did you mean 'keywords'?"),
        ("zzz = 1", "forms.cake: 'zzz' is not a key"),
        ('expires_after = "a while"', TIME),
        (
            "expires_after = true",
            "forms.cake: 'expires_after' must be a time such as \"7 days\", or seconds",
        ),
        ("expires_after = nan", "forms.cake: 'expires_after' must be a number"),
        ("expires_after = 0", "forms.cake: 'expires_after' must be more than 0"),
        ('shared = "yes"', "forms.cake: 'shared' must be true or false"),
        ("contact = 1", "forms.cake: 'contact' must be a text in quotes"),
        ('channels = "sms"', "forms.cake: 'channels' must be a list, such as [\"telegram\"]"),
        (
            'channels = ["SMS"]',
            "forms.cake: 'channels' must be names of channels, such as telegram",
        ),
        ("channels = [1, 2]", "forms.cake: 'channels' must be a text in quotes"),
        ('keywords = [" "]', "forms.cake: 'keywords' can't hold an empty text"),
        ('form_url = "http://x.test"', f"forms.cake: 'form_url' {WEB}"),
        ('privacy_url = "ftp://x.test"', f"forms.cake: 'privacy_url' {WEB}"),
        ("prefill = 1", "forms.cake: 'prefill' must be a table"),
        (
            "prefill.a = inf",
            f"forms.cake: 'prefill' {JSON}",
        ),
        (
            "prefill.a = [2026-01-01]",
            f"forms.cake: 'prefill' {JSON}",
        ),
        ("phrases = { paid = 1 }", "forms.cake: 'phrases.paid' must be a text in quotes"),
        (
            'phrases = { payd = "" }',
            "forms.cake.phrases: 'payd' is not a phrase; did you mean 'PAID'?",
        ),
        (
            'channels = ["sms"]\ndefault_for = ["web"]',
            "forms.cake: 'default_for' names web, 'channels' does not",
        ),
    ],
)
def test_a_fault_names_entry_and_key(line: str, fault: str) -> None:
    """And says what to do."""
    assert problems(entry("cake", line)) == (fault,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("form = 1", "forms.toml: 'form' is not a key; did you mean 'forms'?"),
        ("forms = 1", "forms.toml: 'forms' must be a table"),
        ("forms.cake = 1", "forms.toml: 'forms.cake' must be a table"),
        ("phrases = 1", "forms.toml: 'phrases' must be a table"),
        ("phrases.paid = 1", "forms.toml: 'phrases.paid' must be a text in quotes"),
        ("phrases.paid = ''", "phrases: 'PAID' is empty: write a sentence, or leave the key out"),
        (entry("Cake"), "forms.Cake: the name must be 1 to 32 characters of a-z, 0-9 and -"),
        (f"forms.a.form_id = '{GUID}'", "forms.a: 'title' is missing"),
        (f"forms.a = {{form_id='{GUID}', title=''}}", "forms.a: 'title' can't be empty"),
        (
            "forms.a = {form_id='secret', title='A'}",
            "forms.a: 'form_id' must be a form's id: 8-4-4-4-12 characters of 0-9 and a-f",
        ),
        (
            entry("a", 'keywords = ["go"]', 'channels = ["sms"]')
            + entry("b", 'keywords = ["GO "]'),
            "forms.b: 'keywords' holds 'go', but a has it",
        ),
        (
            entry("a", 'default_for = ["sms", "web"]') + entry("b", 'default_for = ["web"]'),
            "forms.b: 'default_for' names web, but a has it",
        ),
        (
            "a = 1\nb = [1\n",
            f"forms.toml, at the end: {NO_TOML}",
        ),
        (
            "a = 1\nb = x\n",
            f"forms.toml, line 2: {NO_TOML}",
        ),
        (
            entry() + entry(),
            "forms.toml, line 4: a name stands there for the second time; take one out",
        ),
    ],
)
def test_a_fault_of_the_file_names_its_place(text: str, fault: str) -> None:
    """The line where it is no TOML, and never the value."""
    assert problems(text) == (fault,)


def test_the_same_keyword_may_stand_on_different_channels() -> None:
    """Nobody can mean both."""
    one = entry("a", 'keywords = ["go"]', 'channels = ["sms"]')
    other = entry("b", 'keywords = ["go"]', 'channels = ["web"]')
    assert len(parse(one + other).entries) == 2


def test_all_faults_are_told_at_once() -> None:
    """Those of the top, of each entry, of the sentences, and between entries."""
    text = "form = 1\n[phrases]\npayd = 'x'\n" + entry("a", "shared = 1", "zzz = 1") + entry("B!")
    assert problems(text.replace("B!", "'B!'")) == (
        "forms.toml: 'form' is not a key; did you mean 'forms'?",
        "forms.a: 'shared' must be true or false",
        "forms.a: 'zzz' is not a key",
        "forms.B!: the name must be 1 to 32 characters of a-z, 0-9 and -",
        "phrases: 'payd' is not a phrase; did you mean 'PAID'?",
    )


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    """The command that makes one."""
    with pytest.raises(CatalogueError, match=r"forms\.toml is missing: .*`threadform forms add`"):
        load(tmp_path / "forms.toml")


def test_a_file_that_cant_be_read_says_why(tmp_path: Path) -> None:
    """Not a file, or not UTF-8; a byte order mark does no harm."""
    with pytest.raises(CatalogueError, match="can't be read: Is a directory"):
        load(tmp_path)
    path = tmp_path / "forms.toml"
    path.write_bytes(b"# caf\xe9")
    with pytest.raises(CatalogueError, match="save it as UTF-8"):
        load(path)
    path.write_bytes(b"\xef\xbb\xbf" + entry().encode())
    assert len(load(path).entries) == 1


VALUES = {"form_id": GUID, "title": 'A "cake"', "keywords": ["cake"], "prefill": {"a": 1}}


def test_adding_writes_a_file_where_there_is_none(tmp_path: Path) -> None:
    """What comes back is what the file says."""
    path = tmp_path / "forms.toml"
    added = add_entry(path, "cake", VALUES)
    assert added == load(path)
    assert tomllib.loads(path.read_text()) == {"forms": {"cake": VALUES}}
    assert [name.name for name in tmp_path.iterdir()] == ["forms.toml"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_adding_keeps_what_stands_there(tmp_path: Path, end: str, last: str) -> None:
    """Comments, order, odd spelling, line ends and the file's rights."""
    path = tmp_path / "forms.toml"
    before = "# mine\n" + entry("a", "", "# why", "shared   =  true # yes") + "[phrases]" + last
    path.write_bytes(before.replace("\n", end).encode())
    path.chmod(0o640)
    add_entry(path, "cake", VALUES)
    after = path.read_bytes().decode()
    assert after.startswith(before.replace("\n", end))
    assert after.count("\n") == after.count(end)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.slug for one in load(path).entries] == ["a", "cake"]


@pytest.mark.parametrize(
    ("slug", "values", "fault"),
    [
        ("a", VALUES, "forms.a: stands in forms.toml already; take another name"),
        ("b", {"form_id": GUID}, "forms.b: 'title' is missing"),
        ("b\n[x]", VALUES, "the name must be 1 to 32 characters"),
    ],
)
def test_nothing_is_written_unless_the_result_has_no_faults(
    tmp_path: Path, slug: str, values: dict[str, object], fault: str
) -> None:
    """The file stays as it was."""
    path = tmp_path / "forms.toml"
    path.write_text(entry("a"))
    with pytest.raises(CatalogueError) as refused:
        add_entry(path, slug, values)
    assert fault in str(refused.value)
    assert path.read_text() == entry("a")


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    """The file that it points at is replaced."""
    real, link = tmp_path / "real.toml", tmp_path / "forms.toml"
    real.write_text(entry("a"))
    link.symlink_to(real)
    add_entry(link, "cake", VALUES)
    assert link.is_symlink()
    assert len(load(real).entries) == 2


def test_a_place_that_cant_be_written_is_told(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(CatalogueError, match="can't be written: No such file or directory"):
        add_entry(tmp_path / "nowhere" / "forms.toml", "cake", VALUES)


def test_a_failed_replacement_leaves_nothing_behind(tmp_path: Path) -> None:
    """The half-made file is removed."""
    path = tmp_path / "forms.toml"
    path.write_text(entry("a"))
    wide = {**VALUES, "prefill": {"a": "\ud800"}}
    with pytest.raises(UnicodeEncodeError):
        add_entry(path, "cake", wide)
    assert os.listdir(tmp_path) == ["forms.toml"]  # noqa: PTH208 - names are the point


@given(st.text())
def test_any_text_is_a_catalogue_or_an_error_that_says_something(text: str) -> None:
    """Nothing else comes out."""
    try:
        parse(text)
        told = ["fine"]
    except CatalogueError as refused:
        told = [*refused.problems]
    assert all(told)
