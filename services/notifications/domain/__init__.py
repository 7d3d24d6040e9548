"""The rules of texting: what is due, whom it may reach, what a reply means. No I/O."""
