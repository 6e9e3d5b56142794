"""What the engine's tests share."""

from __future__ import annotations

import pytest

from bridge.sandbox.engine import Form
from bridge.sandbox.forms import shipped
from tests.sandbox.engine.person import NOW, Talk, field_json, form_json


@pytest.fixture
def now():
    """Say what time it is."""
    return NOW


@pytest.fixture
def make_field():
    """Make one field's JSON."""
    return field_json


@pytest.fixture
def make_form():
    """Make a form's JSON."""
    return form_json


@pytest.fixture(scope="session")
def forms():
    """Give the shipped forms by slug."""
    return {slug: Form.read(raw) for slug, raw in shipped().items()}


@pytest.fixture
def talk(forms):
    """Open a conversation about a shipped form, or about a form's JSON."""

    def start(form="cake", *, values=None, dry_run=False):
        known = forms[form] if isinstance(form, str) else Form.read(form)
        return Talk(form=known, values=values or {}, dry_run=dry_run).open()

    return start
