"""The stage of transport and tourism: what can be asked about driving, roads, public transport and parking."""
