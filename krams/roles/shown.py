"""Which people the page of people shows, as its address says it. Pure."""

INVITED, ENDED = "inviteret", "afsluttet"
