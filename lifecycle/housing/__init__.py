"""The stage of housing: what can be asked about homes, the housing fund and the property register."""
