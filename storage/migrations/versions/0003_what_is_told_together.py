"""what is told together"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "alert_case",
        sa.Column(
            "alert_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "case_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("joined_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column(
            "told_event_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("alert_id", "case_id"),
    )
    with op.batch_alter_table("alert_case", schema=None) as batch_op:
        batch_op.create_index("ix_alert_case_case", ["case_id"], unique=False)

    op.create_table(
        "address",
        sa.Column("named", sqlmodel.AutoString(), nullable=False),
        sa.Column("channel", sqlmodel.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("named"),
    )

    op.create_table(
        "inbound",
        sa.Column("key", sqlmodel.AutoString(), nullable=False),
        sa.Column("received_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_received_at", ["received_at"], unique=False)

    op.create_table(
        "mute",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("partner_key", sqlmodel.AutoString(), nullable=True),
        sa.Column("kind", sqlmodel.AutoString(), nullable=True),
        sa.Column("lane", sqlmodel.AutoString(), nullable=True),
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reason", sqlmodel.AutoString(), nullable=False),
        sa.Column("author", sqlmodel.AutoString(), nullable=False),
        sa.Column("created_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sqlmodel.AutoString(), nullable=True),
        sa.Column("alert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("mute", schema=None) as batch_op:
        batch_op.create_index("ix_mute_ended", ["ended_at"], unique=False)

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("form", sqlmodel.AutoString(), server_default="group", nullable=False)
        )
        batch_op.add_column(sa.Column("group_key", sqlmodel.AutoString(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "continues_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("severity", sqlmodel.AutoString(), nullable=True))
        batch_op.add_column(
            sa.Column("listed_cases", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("reminded", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("said_at", sqlmodel.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("resolved_at", sqlmodel.UTCDateTime(), nullable=True))
        batch_op.create_index("ix_alert_group_key", ["group_key"], unique=True)
        batch_op.create_index(
            "ix_alert_waiting", ["partner_key", "channel", "said_at"], unique=False
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_tried", ["tried_at"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "muted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index(
            "ix_cases_muted_by",
            ["muted_by"],
            unique=False,
            sqlite_where=sa.text("muted_by IS NOT NULL"),
            postgresql_where=sa.text("muted_by IS NOT NULL"),
        )

    # What was said before is not said again: each case in its own alert, its history told.
    op.execute(
        "INSERT INTO alert_case (alert_id, case_id, joined_at, told_event_id) "
        "SELECT alert_id, id, opened_at, "
        "(SELECT COALESCE(MAX(id), 0) FROM case_event WHERE case_id = cases.id) "
        "FROM cases WHERE alert_id IS NOT NULL"
    )
    op.execute(
        "UPDATE alert SET said_at = created_at, "
        "severity = (SELECT severity FROM cases WHERE cases.alert_id = alert.id), "
        "resolved_at = (SELECT resolved_at FROM cases WHERE cases.alert_id = alert.id)"
    )
