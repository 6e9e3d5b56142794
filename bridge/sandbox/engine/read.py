"""From a form's JSON to `Form`: which kind each field is, its limits, the layout's order.

Naming in the JSON: camelCase(enum) + "Options" at both levels (`STRING` -> `stringOptions`,
`DROPDOWN` -> `dropdownOptions`). Everything unknown is ignored; what the engine can't do without
and does not find raises `FormError`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.sandbox.engine.members import (
    count_of,
    decimal,
    items_of,
    number_of,
    object_of,
    objects_of,
    text_of,
)
from bridge.sandbox.engine.read_rules import read_rules
from bridge.sandbox.engine.schema import (
    MAX_ITEMS,
    MAX_TEXT,
    Dates,
    Field,
    Form,
    FormError,
    Kind,
    Option,
    Product,
)

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject

_TARGET = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,199}")
_CHOICE_COMPONENTS = frozenset({"RADIO_GROUP", "DROPDOWN", "SERVICES_DROPDOWN"})
_BY_COMPONENT = {
    "PHONE_INPUT": Kind.PHONE,
    "DATE_INPUT": Kind.DATE,
    "DATE_PICKER": Kind.DATE,
    "TIME_INPUT": Kind.TIME,
    "DATE_TIME": Kind.DATE_TIME,
    "DATE_TIME_INPUT": Kind.DATE_TIME,
}
_BY_FORMAT = {
    "EMAIL": Kind.EMAIL,
    "PHONE": Kind.PHONE,
    "URL": Kind.URL,
    "URI": Kind.URL,
    "DATE": Kind.DATE,
    "TIME": Kind.TIME,
    "DATE_TIME": Kind.DATE_TIME,
    "DATE_OPTIONAL_TIME": Kind.DATE_TIME,
}
_INPUT_TYPES = frozenset(
    [
        "STRING",
        "NUMBER",
        "BOOLEAN",
        "ARRAY",
        "PAYMENT",
        "WIX_FILE",
        "ADDRESS",
        "SCHEDULING",
        "OBJECT",
    ]
)


def read_form(raw: JsonObject) -> Form:
    """Return the form; see `Form.read`."""
    source = object_of(raw, "form") or raw
    if not objects_of(source, "formFields"):
        raise FormError("The form has no formFields: give the form as Get Form returns it.")
    hidden = _hidden_by_step(source)
    fields = [
        replace(each, hidden=each.hidden or each.id in hidden)
        for each in map(_read_field, _inputs(source))
    ]
    _refuse_twins(fields)
    order = _layout(source)
    fields.sort(key=lambda each: order.get(each.id, len(order)))
    return Form(
        id=text_of(source, "id"),
        name=text_of(source, "name") or "Form",
        fields=tuple(fields),
        rules=read_rules(source, {each.id: each.target for each in fields}),
        enabled=source.get("enabled") is not False,
        debug="debug" in items_of(source, "tags"),
        closed_text=rich_text(source.get("disabledFormMessage")),
    )


def rich_text(value: Json) -> str:
    """Return the words of a RichContent, or the string itself."""
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, Mapping):
        return ""
    own = text_of(object_of(value, "textData"), "text")
    return " ".join(filter(None, [own, *map(rich_text, items_of(value, "nodes"))])).strip()


def _inputs(source: JsonObject) -> tuple[JsonObject, ...]:
    return tuple(
        each
        for each in objects_of(source, "formFields")
        if text_of(each, "fieldType") != "DISPLAY" and "displayOptions" not in each
    )


def _refuse_twins(fields: list[Field]) -> None:
    seen: set[str] = set()
    for each in fields:
        if each.target in seen:
            raise FormError(f"Field {each.target}: the target is used twice; make it unique.")
        seen.add(each.target)


def _items_in_order(step: JsonObject) -> list[JsonObject]:
    layout = object_of(step, "layout")
    sizes = (objects_of(object_of(layout, size), "items") for size in ("large", "medium", "small"))
    placed = next((found for found in sizes if found), ())
    return sorted(placed, key=lambda it: (count_of(it, "row") or 0, count_of(it, "column") or 0))


def _layout(source: JsonObject) -> dict[str, int]:
    placed = [
        text_of(item, "fieldId")
        for step in objects_of(source, "steps")
        for item in _items_in_order(step)
    ]
    return {name: place for place, name in reversed(list(enumerate(placed)))}


def _hidden_by_step(source: JsonObject) -> frozenset[str]:
    return frozenset(
        text_of(item, "fieldId")
        for step in objects_of(source, "steps")
        if step.get("hidden") is True
        for item in _items_in_order(step)
    )


def _camel(name: str) -> str:
    head, *tail = name.lower().split("_")
    return head + "".join(part.capitalize() for part in tail) + "Options"


def _read_field(raw: JsonObject) -> Field:
    options = object_of(raw, "inputOptions")
    target = text_of(options, "target")
    if not _TARGET.fullmatch(target) or "__" in target:
        name = target or text_of(raw, "id") or "without an id"
        raise FormError(
            f"Field {name}: inputOptions.target must be 1 to 200 letters, digits or single"
            " underscores and begin with a letter."
        )
    input_type = text_of(options, "inputType")
    if input_type not in _INPUT_TYPES:
        raise FormError(f"Field {target}: inputType {input_type!r} is none of the known ones.")
    typed = object_of(options, _camel(input_type))
    component = text_of(typed, "componentType")
    shown = object_of(typed, _camel(component or "none"))
    base = Field(
        id=text_of(raw, "id") or target,
        target=target,
        label=_label(shown, target),
        kind=Kind.TEXT,
        identifier=text_of(raw, "identifier"),
        required=options.get("required") is True,
        hidden=raw.get("hidden") is True,
        read_only=options.get("readOnly") is True,
        secret=component == "PASSWORD",
    )
    return _READERS[input_type](base, component, shown, object_of(typed, "validation"))


def _label(shown: JsonObject, target: str) -> str:
    return rich_text(shown.get("label")) or target.replace("_", " ").strip().capitalize()


def _custom(shown: JsonObject) -> str | None:
    custom = shown.get("customOption")
    if not isinstance(custom, Mapping):
        return None
    return text_of(custom, "placeholder") or text_of(custom, "label") or "Something else"


def _options(shown: JsonObject, enum: tuple[Json, ...]) -> tuple[Option, ...]:
    given = tuple(
        Option(value=each.get("value"), label=text_of(each, "label") or str(each.get("value")))
        for each in objects_of(shown, "options")
        if each.get("value") not in (None, "")
    )
    return given or tuple(Option(value=each, label=str(each)) for each in enum if each != "")


def _read_string(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    form = text_of(rule, "format")
    options = _options(shown, items_of(rule, "enum"))
    kind = _BY_COMPONENT.get(component) or _BY_FORMAT.get(form)
    if kind is None and (options or component in _CHOICE_COMPONENTS):
        kind = Kind.CHOICE
    if kind is None:
        kind = Kind.LONG_TEXT if base.identifier == "TEXT_AREA" else Kind.TEXT
    country = text_of(shown, "defaultCountryCode")
    phone = object_of(rule, "phoneOptions")
    longest = count_of(rule, "maxLength")
    return replace(
        base,
        kind=kind,
        format="" if form == "UNKNOWN_FORMAT" else form,
        options=options if kind is Kind.CHOICE else (),
        custom=_custom(shown),
        shortest=max(count_of(rule, "minLength") or 0, 0),
        longest=MAX_TEXT if longest is None else min(longest, MAX_TEXT),
        pattern=_pattern(base, text_of(rule, "pattern")),
        pattern_advice=text_of(object_of(rule, "validationMessages"), "pattern"),
        country=country or base.country,
        countries=_names(phone, "allowedCountryCodes"),
        dates=_dates(_date_rule(rule)),
    )


def _date_rule(rule: JsonObject) -> JsonObject:
    return object_of(rule, "dateOptions") or object_of(rule, "dateTimeOptions")


def _pattern(base: Field, pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error:
        raise FormError(
            f"Field {base.target}: validation.pattern is no regular expression."
        ) from None
    return pattern


def _names(source: JsonObject, key: str) -> frozenset[str]:
    return frozenset(each for each in items_of(source, key) if isinstance(each, str))


def _dates(rule: JsonObject) -> Dates:
    availability = object_of(rule, "availability")
    return Dates(
        minimum=text_of(rule, "minimum"),
        maximum=text_of(rule, "maximum"),
        available=_names(availability, "availableDates"),
        unavailable=_names(availability, "unavailableDates"),
        days=_names(availability, "availableDays"),
    )


def _read_number(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    del shown
    rating = component == "RATING_INPUT"
    step = number_of(rule, "multipleOf")
    if step is not None and step <= 0:
        step = Decimal(1)
    low, high = number_of(rule, "minimum"), number_of(rule, "maximum")
    return replace(
        base,
        kind=Kind.RATING if rating else Kind.NUMBER,
        minimum=Decimal(1) if rating and low is None else low,
        maximum=Decimal(5) if rating and high is None else high,
        step=Decimal(1) if rating and step is None else step,
        only=tuple(n for n in map(decimal, items_of(rule, "enum")) if n is not None),
    )


def _read_boolean(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    del component, shown
    allowed = frozenset(each for each in items_of(rule, "enum") if isinstance(each, bool))
    return replace(base, kind=Kind.BOOLEAN, must_be=allowed)


def _read_array(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    del component
    strings = object_of(object_of(rule, "items"), "stringOptions")
    options = _options(shown, items_of(strings, "enum"))
    custom = _custom(shown)
    free = "" if custom is None and not options else custom
    return _counted(replace(base, kind=Kind.CHOICES, options=options, custom=free), rule)


def _counted(field: Field, rule: JsonObject) -> Field:
    most = count_of(rule, "maxItems")
    return replace(
        field,
        fewest=max(count_of(rule, "minItems") or 0, 0),
        most=min(most, MAX_ITEMS) if most else MAX_ITEMS,
    )


def _read_payment(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    labels = {each.get("value"): text_of(each, "label") for each in objects_of(shown, "options")}
    products = tuple(
        _product(base, each, labels.get(text_of(each, "id"), "") or text_of(each, "name"))
        for each in objects_of(rule, "products")
    )
    if not products:
        raise FormError(f"Field {base.target}: paymentOptions.validation.products is empty.")
    single = component != "CHECKBOX_GROUP" and len(products) == 1 and not products[0].price
    options = _options(shown, ()) if single else ()
    kind = Kind.AMOUNT if single else Kind.PRODUCTS
    return _counted(replace(base, kind=kind, products=products, options=options), rule)


def _product(base: Field, raw: JsonObject, label: str) -> Product:
    name = text_of(raw, "id")
    price = text_of(object_of(raw, "fixedPriceOptions"), "price")
    dynamic = object_of(raw, "dynamicPriceOptions")
    if not name or (text_of(raw, "priceType") == "FIXED_PRICE" and decimal(price) is None):
        raise FormError(f"Field {base.target}: each product needs an id and a price.")
    quantity = object_of(raw, "quantityLimit")
    return Product(
        id=name,
        label=label or base.label,
        price=price,
        low=number_of(dynamic, "minPrice") or Decimal(0),
        high=number_of(dynamic, "maxPrice"),
        least=max(count_of(quantity, "minimum") or 1, 1),
        most=count_of(quantity, "maximum"),
    )


def _read_file(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    del shown, rule
    return replace(base, kind=Kind.SIGNATURE if component == "SIGNATURE" else Kind.FILE)


def _read_address(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    del component, shown
    parts = object_of(rule, "fields")
    needed = frozenset(name for name in parts if object_of(parts, name).get("required") is True)
    return replace(
        base, kind=Kind.ADDRESS, parts=needed, countries=_names(rule, "allowedCountries")
    )


def _read_other(base: Field, component: str, shown: JsonObject, rule: JsonObject) -> Field:
    del component, shown, rule
    return replace(base, kind=Kind.UNSUPPORTED)


_READERS = {
    "STRING": _read_string,
    "NUMBER": _read_number,
    "BOOLEAN": _read_boolean,
    "ARRAY": _read_array,
    "PAYMENT": _read_payment,
    "WIX_FILE": _read_file,
    "ADDRESS": _read_address,
    "SCHEDULING": _read_other,
    "OBJECT": _read_other,
}
