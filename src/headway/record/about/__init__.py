"""What a run says of itself: what it is, its configuration, its rank, how it goes and ends, where it comes from."""
