"""HTTP: routes, the live stream, the API's types, security."""
