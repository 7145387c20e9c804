-- question: Which lists, searches and exports ran, and how much did they return?
-- playbook: mass export; what a bound rests on
-- parameters: none
-- columns: event_key, source_id, time_us, log_org, actor_id, credential_id, action, outcome, returned_count, total_count, ids
WITH returned AS (
    SELECT event_key, COUNT(*) AS n
    FROM targets
    WHERE relation = 'returned'
    GROUP BY event_key
)
SELECT e.event_key, e.source_id, e.time_us, e.log_org, e.actor_id, e.credential_id, e.action, e.outcome,
       e.returned_count, e.total_count, COALESCE(r.n, 0) AS ids
FROM events e
LEFT JOIN returned r ON e.event_key = r.event_key
WHERE e.verb IN ('list', 'search') OR e.returned_count IS NOT NULL OR COALESCE(r.n, 0) > 0
ORDER BY e.event_key
