-- question: How many records did each actor touch, and how?
-- playbook: compromised account, departed insider
-- parameters: none
-- columns: actor_id, actor_org, class, record_type, records, events, first_us, last_us
WITH touched AS (
    SELECT e.event_key, e.actor_id, e.actor_org, e.time_us, t.class, t.record_type, t.record_id
    FROM events e
    JOIN targets t ON e.event_key = t.event_key
    WHERE e.outcome = 'success'
)
SELECT actor_id, actor_org, class, record_type, COUNT(DISTINCT record_id) AS records,
       COUNT(DISTINCT event_key) AS events, MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM touched
GROUP BY actor_id, actor_org, class, record_type
ORDER BY actor_id, actor_org, class, record_type
