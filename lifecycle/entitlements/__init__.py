"""What somebody is entitled to: yes, yes from a day, no because, or unknown for want of something; each with rule, facts and law.

Stages register rules (`rules.register_entitlements`); `judging.judge` answers one for a person's facts on a day, and is pure.
"""
