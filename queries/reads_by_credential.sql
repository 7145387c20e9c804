-- question: How much did each credential read?
-- playbook: leaked token; whom to revoke first
-- parameters: none
-- columns: credential_id, actor_id, actor_org, reads, records, first_us, last_us
WITH reads AS (
    SELECT e.event_key, e.credential_id, e.actor_id, e.actor_org, e.time_us,
           t.record_type || '/' || t.record_id AS record
    FROM events e
    JOIN targets t ON e.event_key = t.event_key
    WHERE e.credential_id <> '' AND e.outcome = 'success' AND e.verb IN ('read', 'list', 'search', 'export')
)
SELECT credential_id, actor_id, actor_org, COUNT(DISTINCT event_key) AS reads, COUNT(DISTINCT record) AS records,
       MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM reads
GROUP BY credential_id, actor_id, actor_org
ORDER BY credential_id, actor_id, actor_org
