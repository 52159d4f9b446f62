"""Log directories at URLs: a local spool that a thread carries there, piece by piece."""
