"""The ten stages of a citizen's life: their matters, the rules of law behind them, and the cases made of them.

Imports run down the floors of the design: stages use bundles and cases, these use the catalogue, everything uses `rules`.
"""
