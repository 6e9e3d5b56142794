"""The Bot API in miniature, for one bot: what `adapters.telegram.standin` is made of.

```
server    HTTP: /bot<token>/<method>, faults on demand, the log
  weather   which request fails, and how
  api       the methods: Refused or a result
    rules     what Telegram refuses about texts, entities and keyboards
    flood     how much Telegram takes in a second or a minute
    chats     persons, chats, messages
      screens   what a person sees of them
updates   what waits for the bot: getUpdates
  webhook   the other way: posts them to the bot, with retries
typed     what a person's app sends: a text, a tap, a photo
reading   JSON values, read without trust
```

Knows: Telegram. Must not know: our adapter, its limits and its callback data; it would repeat
their mistakes. "wording unknown" marks a refusal that is known, but not in these words.
"""
