"""A terminal or a pipe as a person's phone at a platform in miniature.

`buttons` says what a typed line means, `drawing` and `plain` show a screen, `hand` acts at the
stand-in, `window` and `pipe` are the two faces. Knows: the contract's stand-in. Must not know: any
channel.
"""
