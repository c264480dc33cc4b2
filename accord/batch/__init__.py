"""Many pairs at once: tables in, tables out. The same science as the web pages use, without Django."""
