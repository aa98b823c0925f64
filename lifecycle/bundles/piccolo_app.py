"""This room's tables and migrations, for Piccolo."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.bundles.tables import BundleRow, BundleStepRow

APP_CONFIG = AppConfig(
    app_name="bundles",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[BundleRow, BundleStepRow],
)
