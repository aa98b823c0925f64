"""Bills: what a citizen or a ward owes departments and the city's companies, paid from the citizen card within the app.

A stage declares its bills as data (`billing`). Other rooms use `billing.register_billings` and nothing else.
"""
