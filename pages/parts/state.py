"""The names under which a session keeps something, apart from its widgets."""

GOING_TO = "going-to"
"""A ticket on its way to becoming a cookie: the form that made it is not drawn again meanwhile."""

DEMO_ACCOUNTS = "demo-accounts"
"""The accounts of the made-up team just loaded, whose passwords are shown once."""
