"""What the product claims about its speed and size, measured over HTTP against the real server; `make bench`."""
