"""Event files checked one by one with the decoder that reads them: what is in them, and what is wrong with them."""
