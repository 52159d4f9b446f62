"""The event file behind a writer: appended to from a buffer, looked after from a fork to the end of the process."""
