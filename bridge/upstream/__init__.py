"""The Interactive Form Sessions API and what surrounds it, over HTTP."""
