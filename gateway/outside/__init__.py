"""Outside identity: tokens of a network's own OpenID provider, what their claims mean here, whom they let in."""
