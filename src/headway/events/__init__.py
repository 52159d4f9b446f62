"""The event file format, both directions: framing, messages, kinds; a compiled codec and its Python twin."""
