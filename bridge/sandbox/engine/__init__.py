"""The sandbox's engine: leads a person through any form of the real schema, without a model.

Pure and deterministic: time comes as an argument; no I/O, no clock, no dice. It gives the chunks
of an answer as REST JSON, without SUBMISSION and END_OF_RESPONSE, which are the server's.

    form = Form.read(raw)
    state, chunks = begin(form, values={}, now=now, dry_run=False)
    turned = reply(form, state, text="two lemon cakes", values=None, now=now)
"""

from bridge.sandbox.engine.dialogue import begin, reply
from bridge.sandbox.engine.schema import Form, FormError
from bridge.sandbox.engine.state import SessionState, Stage, Turned

__all__ = ["Form", "FormError", "SessionState", "Stage", "Turned", "begin", "reply"]
