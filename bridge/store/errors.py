"""What can go wrong with the database, and what the caller does.

```
StoreError        nothing was kept: answer 503, try again later
├── StoreBusy     another process holds it
├── StoreClosed   we are stopping
├── StoreConflict a row of the same key is there: trying again won't help
└── StoreUnfit    the file is corrupt, read-only, of a newer version: a person must act
```
"""

from __future__ import annotations


class StoreError(Exception):
    """Nothing was kept."""


class StoreBusy(StoreError):
    """Another process holds the database."""


class StoreClosed(StoreError):
    """The store is closed."""


class StoreConflict(StoreError):
    """Another row stands where this one would."""


class StoreUnfit(StoreError):
    """The database can't be used as it is."""
