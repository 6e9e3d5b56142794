"""What people write, fit to be kept and passed on."""

from __future__ import annotations


def whole(text: str) -> str:
    """Return the text with halves of characters joined or replaced: nothing can encode them.

    Source: JSON's escapes may name a single half of a surrogate pair (RFC 8259, section 8.2).
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
