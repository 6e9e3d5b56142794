"""threadform: chat threads on one side, interactive form sessions on the other."""
