"""What Frontdesk costs and how quick it is, measured beside baselines in the same run: `./frontdesk bench`."""
