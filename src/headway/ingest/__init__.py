"""From event files to the store: discover runs, follow files, resume after a restart."""
