"""What is known of a person, put together from residents, records and departments, each value with who says so and since when.

Rooms above register sources (`gathering.register_fact_source`) and say what a department's answer means
(`of_departments.register_meaning`); `gathering.facts_about` puts a person's facts together in a system transaction.
"""
