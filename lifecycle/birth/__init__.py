"""The stage of birth: from pregnancy to a child's registration and vaccinations.

`matters.toml` describes its matters; the other files are what the stage registers with the rooms below.
"""
