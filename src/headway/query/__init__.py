"""What can be asked of an index: series, entries, charts, expressions, filters, frames, bands, SQL."""
