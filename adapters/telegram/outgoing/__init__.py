"""What is shown, piece by piece: the parts of `render`. Pure."""
