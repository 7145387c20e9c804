-- question: Who tried more than twenty records of a type within an hour and was turned away?
-- playbook: enumeration of ids
-- parameters: none
-- columns: actor_id, source_ip, record_type, hour_us, records, events
WITH tried AS (
    SELECT e.event_key, e.actor_id, e.source_ip, e.time_us - e.time_us % 3600000000 AS hour_us, t.record_type,
           t.record_id
    FROM events e
    JOIN targets t ON e.event_key = t.event_key
    WHERE e.time_known AND e.time_us >= 0 AND e.outcome IN ('denied', 'failure')
)
SELECT actor_id, source_ip, record_type, hour_us, COUNT(DISTINCT record_id) AS records,
       COUNT(DISTINCT event_key) AS events
FROM tried
GROUP BY actor_id, source_ip, record_type, hour_us
HAVING COUNT(DISTINCT record_id) > 20
ORDER BY actor_id, source_ip, record_type, hour_us
