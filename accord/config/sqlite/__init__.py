"""Django's SQLite backend, less one CHECK that cannot live with trusted_schema=OFF."""
