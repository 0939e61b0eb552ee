"""Makes docs/reference of the public headers; see docs/make_reference.py."""
