"""`frontdesk seed`: a believable network of any size, its history written straight into the databases."""
