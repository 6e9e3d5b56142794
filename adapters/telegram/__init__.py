"""Telegram: private chats, groups and forum topics."""
