"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.offline import tables

APP_CONFIG = AppConfig(
    app_name="offline",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[
        tables.OfflineBatch,
        tables.OfflineCertificate,
        tables.OfflineCounter,
        tables.OfflineDenial,
        tables.OfflineDenialHead,
        tables.OfflineDenialServed,
        tables.OfflineFinding,
        tables.OfflineIssuerKey,
        tables.OfflineSale,
    ],
    migration_dependencies=["app.kernel.piccolo_app"],
)
