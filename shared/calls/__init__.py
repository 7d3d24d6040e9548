"""Internal calls: the gateway asks one service by HTTP, with signed claims, a deadline and a key."""
