"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.identity.approval_tables import ApprovalRow
from app.identity.delegation_tables import DelegationReceivedRow, DelegationRow
from app.identity.department_tables import DepartmentRow, PostRow
from app.identity.freeze_tables import IdentityFreezeRow
from app.identity.look_tables import BreakGlassRow, OfficerDay, PersonLookRow
from app.identity.tables import (
    DeviceRow,
    OfficerGrantRow,
    OfficerRow,
    OfficerSessionRow,
    SessionRow,
    TerminalInvitationRow,
    TerminalKeyRow,
    TerminalKnownKeyRow,
    TerminalRow,
)
from app.identity.wechat_tables import WeChatBindingRow, WeChatIdentifierRow

APP_CONFIG = AppConfig(
    app_name="identity",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[
        DeviceRow,
        OfficerGrantRow,
        OfficerRow,
        OfficerSessionRow,
        SessionRow,
        TerminalInvitationRow,
        TerminalKeyRow,
        TerminalKnownKeyRow,
        TerminalRow,
        ApprovalRow,
        DelegationReceivedRow,
        DelegationRow,
        DepartmentRow,
        PostRow,
        IdentityFreezeRow,
        BreakGlassRow,
        OfficerDay,
        PersonLookRow,
        WeChatBindingRow,
        WeChatIdentifierRow,
    ],
    migration_dependencies=["app.residents.piccolo_app"],
)
