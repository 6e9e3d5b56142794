"""What a person's app sends: the JSON of messages, and whether a bot gets to see them. No I/O.

Source of the shapes: core.telegram.org/bots/api#message; of what a bot sees in groups:
core.telegram.org/bots/features#privacy-mode, and mentions, which reach it in practice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.telegram.miniature.reading import Body, child, children, number, units, words
from adapters.telegram.miniature.rules import TEXT_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOMAINS = "com|org|net|io|de|fr|es|it|uk|eu|us|info|dev|app|me|shop|test|example|co|il|ai|ru"
_FOUND = re.compile(
    r"(?P<url>(?:https?|tg|ton)://[^\s<>\"]+|(?<![\w@.-])(?:[\w-]+\.)+(?:" + _DOMAINS + r")"
    r"(?![\w.-]*\w)(?:/[^\s<>\"]*)?)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}(?!\w))"
    r"|(?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{2,32}(?!\w))"
    r"|(?P<hashtag>(?<!\w)#(?=\w*[^\W\d_])\w{1,256})"
    r"|(?P<cashtag>(?<!\w)\$[A-Z]{1,8}(?![A-Za-z0-9_]))",
    re.IGNORECASE,
)
"""What the server makes active by itself; its list of domains is longer."""
_QUIET = frozenset({"code", "pre", "text_link", "text_mention"})


def detected(text: str, given: list[Body] | None = None) -> list[Body]:
    """Return the entities of a text: those `given`, and what the server finds outside of code."""
    entities = list(given or ())
    if not any(sign in text for sign in "/@#.$"):
        return entities
    quiet = [one for one in entities if one.get("type") in _QUIET]
    for found in _FOUND.finditer(text):
        begin, length = units(text[: found.start()]), units(found[0].rstrip(".,;:!?)"))
        if not any(_meet(one, begin, length) for one in quiet):
            entities.append({"type": found.lastgroup, "offset": begin, "length": length})
    return sorted(entities, key=lambda one: number(one, "offset"))


def _meet(one: Body, begin: int, length: int) -> bool:
    start = number(one, "offset")
    return begin < start + number(one, "length") and start < begin + length


def parts(text: str) -> Iterator[str]:
    """Yield a typed text in the messages that the app makes of it; raises ValueError for none."""
    text = text.strip()
    if not text:
        raise ValueError("Telegram's app sends no empty message: type something.")
    part, length = "", 0
    for character in text:
        size = units(character)
        if length + size > TEXT_UNITS:
            yield part
            part, length = "", 0
        part, length = part + character, length + size
    yield part


def content(kind: str, number_: str = "", user: int = 0) -> Body:
    """Return what a message of this kind holds instead of a text; raises LookupError.

    `number_` and `user` are of a contact; a user of 0 has no account.
    """
    file: Body = {"file_id": f"{kind}-file", "file_unique_id": f"{kind}-unique", "file_size": 1234}
    picture: Body = {**file, "width": 90, "height": 60}
    clip: Body = {**picture, "duration": 3, "mime_type": "video/mp4"}
    spot: Body = {"latitude": 52.52, "longitude": 13.4}
    contact: Body = {"phone_number": number_ or "15550009999", "first_name": "Someone"}
    kinds: Body = {
        "photo": [picture, {**picture, "width": 900, "height": 600}],
        "voice": {**file, "duration": 3, "mime_type": "audio/ogg"},
        "audio": {**file, "duration": 3, "mime_type": "audio/mpeg"},
        "sticker": {**picture, "type": "regular", "is_animated": False, "is_video": False},
        "contact": contact | ({"user_id": user} if user else {}),
        "location": spot,
        "venue": {"location": spot, "title": "Café", "address": "Main Street 1"},
        "document": {**file, "file_name": "menu.pdf", "mime_type": "application/pdf"},
        "video": clip,
        "animation": clip,
        "video_note": {**file, "duration": 3, "length": 240},
        "dice": {"emoji": "🎲", "value": 4},
        "poll": _poll(),
    }
    if kind not in kinds:
        raise LookupError(f"No app sends {kind!r}; there are {', '.join(sorted(kinds))}.")
    return {kind: kinds[kind]}


def _poll() -> Body:
    options = [{"persistent_id": w, "text": w, "voter_count": 0} for w in ("Yes", "No")]
    return {
        "id": "1",
        "question": "Cake?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }


def reaches(body: Body, me: Body) -> bool:
    """Return whether a bot in privacy mode sees this message of a group."""
    if child(child(body, "reply_to_message"), "from").get("id") == me["id"]:
        return True
    name = f"@{words(me, 'username')}".casefold()
    return any(_means(words(body, "text"), one, name) for one in children(body, "entities"))


def _means(text: str, entity: Body, name: str) -> bool:
    raw = text.encode("utf-16-le", "surrogatepass")
    begin = number(entity, "offset")
    end = begin + number(entity, "length")
    said = raw[2 * begin : 2 * end].decode("utf-16-le", "replace").casefold()
    if entity["type"] == "bot_command":
        return "@" not in said or said.endswith(name)
    return entity["type"] == "mention" and said == name
