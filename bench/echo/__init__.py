"""One question that needs no database, asked in the product's way and in nameko's own: what a call costs by itself."""
