"""The contract: all that the author of an adapter has to read.

Begin with `adapter` (what to write), then `events` and `replies` (what goes in and out),
`prompts`, `calls` and `capabilities`; `host` is what the core gives in return.
"""
