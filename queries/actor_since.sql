-- question: What did one actor do at or after a time?
-- playbook: departed insider, account taken over at a known time
-- parameters: actor, from_us
-- columns: event_key, source_id, time_us, action, outcome, record_type, record_id, credential_id, source_ip
WITH theirs AS (
    SELECT e.event_key, e.source_id, e.time_us, e.action, e.outcome, e.credential_id, e.source_ip
    FROM events e
    JOIN params p ON e.actor_id = p.actor
    WHERE e.time_known AND e.time_us >= CAST(p.from_us AS BIGINT)
),
aimed AS (
    SELECT event_key, record_type AS target_type, record_id AS target_id
    FROM targets
)
SELECT x.event_key, x.source_id, x.time_us, x.action, x.outcome, COALESCE(a.target_type, '') AS record_type,
       COALESCE(a.target_id, '') AS record_id, x.credential_id, x.source_ip
FROM theirs x
LEFT JOIN aimed a ON x.event_key = a.event_key
ORDER BY x.time_us, x.event_key, record_type, record_id
