"""The file in which a history is kept while it is replayed, and what is asked of it."""

SCHEMA = """
CREATE TABLE shipment (
    line INTEGER PRIMARY KEY, number TEXT, partner TEXT, known_at TEXT, ship_by TEXT,
    shipped_at TEXT, promised_at TEXT, told TEXT
);
CREATE TABLE checkpoint (
    line INTEGER PRIMARY KEY, number TEXT, known_at TEXT, told TEXT
);
"""
INDEXES = """
CREATE INDEX checkpoint_number ON checkpoint (number, known_at);
CREATE INDEX shipment_number ON shipment (number);
UPDATE shipment SET known_at = (
    SELECT min(at) FROM (
        SELECT ship_by AS at UNION ALL
        SELECT shipped_at UNION ALL
        SELECT promised_at UNION ALL
        SELECT min(known_at) FROM checkpoint WHERE checkpoint.number = shipment.number
    ) WHERE at IS NOT NULL
) WHERE known_at IS NULL;
CREATE TABLE shard (partner TEXT PRIMARY KEY, shard INTEGER);
"""
LINES_OF_DAYS = """
SELECT substr(known_at, 1, 10) AS day, count(*) FROM (
    SELECT known_at FROM shipment WHERE known_at IS NOT NULL UNION ALL
    SELECT shipped_at FROM shipment WHERE shipped_at > known_at UNION ALL
    SELECT known_at FROM checkpoint
) GROUP BY day ORDER BY day
"""
NEWS = """
CREATE TABLE news (shard INTEGER, at TEXT, kind INTEGER, line INTEGER);
INSERT INTO news SELECT shard, known_at, 0, line FROM shipment JOIN shard USING (partner)
    WHERE known_at IS NOT NULL;
INSERT INTO news SELECT shard, shipped_at, 1, line FROM shipment JOIN shard USING (partner)
    WHERE shipped_at > known_at;
INSERT INTO news SELECT announced.shard, max(checkpoint.known_at, announced.at), 2, line
    FROM checkpoint JOIN (
        SELECT number, min(known_at) AS at, min(shard) AS shard
        FROM shipment JOIN shard USING (partner) WHERE known_at IS NOT NULL GROUP BY number
    ) AS announced USING (number);
CREATE INDEX news_at ON news (shard, at, kind, line);
"""
IN_ORDER = """
SELECT news.at, news.kind, news.line, coalesce(shipment.told, checkpoint.told)
FROM news
LEFT JOIN shipment ON news.kind < 2 AND shipment.line = news.line
LEFT JOIN checkpoint ON news.kind = 2 AND checkpoint.line = news.line
WHERE news.shard = ?
ORDER BY news.at, news.kind, news.line
"""
