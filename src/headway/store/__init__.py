"""The index: its schema and the engine behind one small interface."""
