"""Words of ours on buttons and in menus, as the operator wants them.

Knows: what every channel with widgets needs to say by itself. Must not know: how it is drawn. They
are overridden in `forms.toml` like every other sentence; an adapter takes them from its host.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.events import CommandName


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One line each, without a trailing full stop where it stands on a button.

    * `read` has the place `{mark}`; `open_private` and `in_private` are said in a shared thread.
    * `commands`: what each command does, in a few words, for a platform's list of commands.
    * `about`: what this is for, for a platform's description of us.
    """

    done: str
    other: str
    share_phone: str
    change: str
    read: str
    copy_link: str
    open_private: str
    in_private: str
    reply_here: str
    about: str
    commands: Mapping[CommandName, str]
