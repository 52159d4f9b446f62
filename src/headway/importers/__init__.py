"""Other tools' records of training, turned into event files: one file an importer, and one that writes.

`claims.py` says which importer knows what; `bring.py` brings all runs of a source into a log directory.
"""
