"""The sandbox: a local stand-in for the upstream's HTTP API, for demo, development and tests."""
