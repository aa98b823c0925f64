"""The outside world: ports (Protocol + plain structs), their real clients, and the sandbox city that plays them."""
