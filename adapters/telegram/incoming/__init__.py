"""What an update means, piece by piece: the parts of `parse`. Pure, but for the log of `intake`."""
