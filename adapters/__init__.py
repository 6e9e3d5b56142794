"""Channel adapters: one folder each."""
