"""The checkout page as HTML: no script, one inline style allowed by its hash. PURE."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING

from bridge.sandbox.documents import price_text
from bridge.sandbox.ledger import CheckoutState
from bridge.sandbox.payments import total

if TYPE_CHECKING:
    from bridge.sandbox.ledger import Checkout
    from bridge.sandbox.payments import OrderLine

STYLE = """
:root{color-scheme:light dark;--page:#f3f4f6;--card:#fff;--ink:#16181d;--soft:#5d6470;
--line:#e3e6ea;--go:#14633d;--on-go:#fff;--good:#e4f4ea;--good-ink:#0f5132;--bad:#fdecea;
--bad-ink:#8c1d18;--plain:#eceff3}
@media (prefers-color-scheme:dark){:root{--page:#101216;--card:#1a1d23;--ink:#eceef1;
--soft:#a2a9b4;--line:#2e333c;--go:#3fb37a;--on-go:#06170e;--good:#143524;--good-ink:#a9e6c4;
--bad:#421b19;--bad-ink:#f6bcb7;--plain:#262b33}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:clamp(1rem,6vh,4rem) 1rem;background:var(--page);
color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:30rem;margin:0 auto;padding:1.75rem;background:var(--card);
border:1px solid var(--line);border-radius:.9rem;
box-shadow:0 1px 3px #0000000f,0 12px 32px #0000000f}
header{display:flex;align-items:baseline;justify-content:space-between;gap:1rem;
margin-bottom:1.25rem}
h1{margin:0;font-size:1.3rem;line-height:1.3;overflow-wrap:anywhere}
.mark{flex:none;padding:.1rem .6rem;border:1px solid var(--line);border-radius:1rem;
color:var(--soft);font-size:.8rem}
table{width:100%;border-collapse:collapse}
th,td{padding:.7rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;
font-weight:400}
th{overflow-wrap:anywhere}
td,tfoot th{padding-left:1rem;white-space:nowrap}
td{text-align:right;font-variant-numeric:tabular-nums}
.each{display:block;color:var(--soft);font-size:.875rem}
tfoot th,tfoot td{border-bottom:0;padding-left:0;padding-top:1rem;font-size:1.15rem;
font-weight:650}
.note{margin:0 0 1.25rem;padding:.8rem 1rem;border-radius:.6rem;background:var(--plain)}
.note strong{display:block}
.good{background:var(--good);color:var(--good-ink)}
.bad{background:var(--bad);color:var(--bad-ink)}
form{margin:.6rem 0 0}
.pay{margin-top:1.25rem}
button{width:100%;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.6rem;
background:transparent;color:inherit;font:inherit;cursor:pointer}
.pay button{border-color:var(--go);background:var(--go);color:var(--on-go);font-weight:650}
button:hover{filter:brightness(1.08);border-color:var(--soft)}
button:focus-visible{outline:3px solid var(--go);outline-offset:2px}
.pair{display:flex;gap:.6rem}.pair form{flex:1}.pair button{height:100%}
footer{margin-top:1.5rem;color:var(--soft);font-size:.85rem;text-align:center;text-wrap:balance}
@media (max-width:24rem){main{padding:1.25rem}.pair{flex-direction:column;gap:0}}
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_FOOTER = "This is a sandbox: no card is asked for, and no money moves."


def checkout_page(checkout: Checkout, order: int | None) -> str:
    """Return the page of one checkout as it stands; `order` is the order's number, if any."""
    body = (
        f"<header><h1>{escape(checkout.form_name or 'Your order')}</h1>"
        '<span class="mark">Sandbox</span></header>'
        f"{_note(checkout.state, order)}"
        f"{_table(checkout.lines)}"
        f"{_buttons(checkout)}"
    )
    return _document(_title(checkout.state), body)


def unknown_page() -> str:
    """Return the page for an address that leads nowhere."""
    body = (
        "<header><h1>This checkout does not exist</h1></header>"
        "<p>The sandbox forgets everything when it stops. Ask for a new link in your chat.</p>"
    )
    return _document("No such checkout", body)


def _title(state: CheckoutState) -> str:
    match state:
        case CheckoutState.OPEN:
            return "Checkout"
        case CheckoutState.PAID:
            return "Paid"
        case CheckoutState.DECLINED:
            return "Card declined"
        case CheckoutState.CANCELED:
            return "Order canceled"


def _note(state: CheckoutState, order: int | None) -> str:
    match state:
        case CheckoutState.OPEN:
            return ""
        case CheckoutState.PAID:
            return _box("good", f"Paid: order {order}", "Thank you. You can go back to your chat.")
        case CheckoutState.DECLINED:
            return _box("bad", "The card was declined", "Nothing was paid. You can try again.")
        case CheckoutState.CANCELED:
            return _box("", f"Order {order} was canceled", "Nothing was paid.")


def _box(kind: str, head: str, text: str) -> str:
    return f'<p class="note {kind}" role="status"><strong>{escape(head)}</strong>{escape(text)}</p>'


def _table(lines: tuple[OrderLine, ...]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(line.name)}'
        f'<span class="each">{line.quantity:,} at {price_text(line.price)}</span></th>'
        f"<td>{price_text(line.total)}</td></tr>"
        for line in lines
    )
    return (
        f"<table><tbody>{rows}</tbody><tfoot><tr>"
        f'<th scope="row">Total</th><td>{price_text(total(lines))}</td></tr></tfoot></table>'
    )


def _buttons(checkout: Checkout) -> str:
    if checkout.state in {CheckoutState.PAID, CheckoutState.CANCELED}:
        return ""
    pay = f"Pay {price_text(total(checkout.lines))}"
    return (
        f"{_button(checkout, 'pay', pay)}"
        f'<div class="pair">{_button(checkout, "decline", "Decline the card")}'
        f"{_button(checkout, 'cancel', 'Cancel the order')}</div>"
    )


def _button(checkout: Checkout, act: str, label: str) -> str:
    return (
        f'<form class="{act}" method="post" action="/checkout/{escape(checkout.id)}/{act}">'
        f"<button>{escape(label)}</button></form>"
    )


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · sandbox</title><style>{STYLE}</style></head>"
        f"<body><main>{body}<footer>{_FOOTER}</footer></main></body></html>"
    )
