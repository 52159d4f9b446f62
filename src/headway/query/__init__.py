"""Exact reduction, smoothing, axes: from columns to what a chart draws."""
