"""Where Piccolo looks for the database and for every room's migrations."""

from piccolo.conf.apps import AppRegistry

from app.kernel.database import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(
    apps=[
        "app.kernel.piccolo_app",
        "app.keys.piccolo_app",
        "integrations.exchange.piccolo_app",
        "app.audit.piccolo_app",
        "app.residents.piccolo_app",
        "app.privacy.piccolo_app",
        "app.pki.piccolo_app",
        "app.exchanges.piccolo_app",
        "app.records.piccolo_app",
        "app.notices.piccolo_app",
        "cloud_disk.piccolo_app",
        "app.identity.piccolo_app",
        "app.card.piccolo_app",
        "app.offline.piccolo_app",
        "app.settlement.piccolo_app",
        "app.disputes.piccolo_app",
        "lifecycle.catalogue.piccolo_app",
        "lifecycle.licences.piccolo_app",
        "lifecycle.appointments.piccolo_app",
        "lifecycle.subscriptions.piccolo_app",
        "lifecycle.queries.piccolo_app",
        "lifecycle.cases.piccolo_app",
        "lifecycle.bills.piccolo_app",
        "lifecycle.bundles.piccolo_app",
        "lifecycle.facts.piccolo_app",
        "lifecycle.agenda.piccolo_app",
        "lifecycle.life_events.piccolo_app",
        "lifecycle.benefits.piccolo_app",
    ]
)
