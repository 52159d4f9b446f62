"""The encoders: one file a kind, from arrays and plain values to encoded summaries."""
