"""what rules and cases remember"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "estimate",
        sa.Column(
            "shipment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("said_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("estimated_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("estimated_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("shipment_id", "said_at"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snoozed_for", sqlmodel.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("snoozed_after", sqlmodel.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("clear_since", sqlmodel.UTCDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("times_back", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.create_index("ix_cases_subject", ["subject"], unique=False)

    with op.batch_alter_table("checkpoint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quantity", sa.Float(), nullable=True))

    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.drop_index("ix_due_kind_due_at")
        batch_op.create_index("ix_due_kind_due_at", ["kind", "due_at", "subject"], unique=False)
        batch_op.add_column(sa.Column("done_at", sqlmodel.UTCDateTime(), nullable=True))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tried_at", sqlmodel.UTCDateTime(), nullable=True))

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mode", sqlmodel.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("priority", sqlmodel.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("account", sqlmodel.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("item", sqlmodel.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("is_return", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("delivered_quantity", sa.Float(), nullable=True))

    with op.batch_alter_table("source_health", schema=None) as batch_op:
        batch_op.add_column(sa.Column("followed_since", sqlmodel.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("news_at", sa.JSON(), nullable=True))
