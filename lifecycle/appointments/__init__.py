"""Appointments: what departments offer becomes slots; slots are booked, never over capacity, waited for, kept or missed."""
