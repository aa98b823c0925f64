"""The parts of the day, in their order: trust, arrival, family, application, decision, campaign, card, disk, departure, proof."""
