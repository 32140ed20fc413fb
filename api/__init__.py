"""The HTTP doors: each reads a request, calls one command inside one transaction, and shapes the answer."""
