"""Disputes about payments by the citizen card (交易争议): a holder says what is wrong, the card's office asks the merchant and decides.

Others may use `reading`, `events` and `own_rights`.
"""
