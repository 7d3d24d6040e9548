"""`frontdesk replay --rebuild`: read copies made anew from the outboxes, compared with those in use, put in place."""
