"""The stage of tax (纳税)."""
