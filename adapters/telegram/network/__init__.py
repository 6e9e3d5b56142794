"""Telegram over HTTP: the parts of `transport`, the two ways in, and what is set up there."""
