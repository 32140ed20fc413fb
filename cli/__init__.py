"""The verbs of the command `lianban`. Each opens the same doors as HTTP does; the composition root is handed in."""
