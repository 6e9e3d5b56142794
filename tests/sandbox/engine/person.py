"""A person at the engine's table: says things, and looks at what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from bridge.sandbox.engine import Form, Stage, begin, reply

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
"""A Sunday."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """One conversation; every chunk that came back is checked for its shape."""

    form: Form
    now: datetime = NOW
    values: dict = field(default_factory=dict)
    dry_run: bool = False
    state: object = None
    chunks: tuple = ()
    submits: list = field(default_factory=list)

    def open(self):
        self.state, self.chunks = begin(
            self.form, values=self.values, now=self.now, dry_run=self.dry_run
        )
        well_formed(self.chunks)
        return self

    def say(self, text, values=None):
        turned = reply(self.form, self.state, text=text, values=values, now=self.now)
        well_formed(turned.chunks)
        self.state, self.chunks = turned.state, turned.chunks
        if turned.submit is not None:
            self.submits.append(turned.submit)
        return self

    def all(self, *texts):
        for text in texts:
            self.say(text)
        return self

    @property
    def known(self):
        return dict(self.state.values)

    @property
    def asked(self):
        return self.state.asked

    @property
    def confirming(self):
        return self.state.stage is Stage.CONFIRMING

    def of(self, kind):
        member = {"TEXT": "textDetails", "TEXT_DATA": "textDataDetails"}.get(kind)
        return [
            chunk[member or next(key for key in chunk if key.endswith("Details"))]
            for chunk in self.chunks
            if chunk["chunkType"] == kind
        ]

    @property
    def words(self):
        return " ".join(each["text"] for each in self.of("TEXT"))

    @property
    def warnings(self):
        return {each["fieldTarget"]: each["text"] for each in self.of("IMPORTANT_TEXT")}


def well_formed(chunks):
    """Check each chunk for exactly one Details member and its limits."""
    assert chunks
    for chunk in chunks:
        (member,) = [key for key in chunk if key.endswith("Details")]
        head, *tail = chunk["chunkType"].lower().split("_")
        assert member == head + "".join(map(str.capitalize, tail)) + "Details"
        details = chunk[member]
        assert 1 <= len(details.get("fieldTarget", "x")) <= 200
        assert 1 <= len(details.get("text", "x")) <= 10_000
        assert 1 <= len(details.get("displayValue", "x")) <= 10_000
        options = details.get("options", [{"value": "x", "label": "x"}])
        assert 1 <= len(options) <= 100
        assert all(option["value"] and option["label"] for option in options)


def field_json(target, label, input_type="STRING", component="TEXT_INPUT", **more):
    """Return one field of a form in the schema's shape."""

    def camel(name):
        head, *tail = name.lower().split("_")
        return head + "".join(map(str.capitalize, tail)) + "Options"

    shown = {"label": label, **more.pop("shown", {})}
    typed = {"validation": more.pop("validation", {}), "componentType": component}
    typed[camel(component)] = shown
    return {
        "id": more.pop("id", f"id-{target}"),
        "hidden": more.pop("hidden", False),
        "identifier": more.pop("identifier", component),
        "fieldType": "INPUT",
        "inputOptions": {
            "target": target,
            "required": more.pop("required", True),
            "readOnly": more.pop("read_only", False),
            "inputType": input_type,
            camel(input_type): typed,
        },
    }


def form_json(*fields, **more):
    """Return a form in the schema's shape."""
    return {"form": {"id": "f", "name": "A form", "formFields": list(fields), **more}}
