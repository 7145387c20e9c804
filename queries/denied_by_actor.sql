-- question: Who was refused, how often, at how many records?
-- playbook: probing before an access; enumeration
-- parameters: none
-- columns: actor_id, actor_org, credential_id, source_ip, events, records, first_us, last_us
WITH refused AS (
    SELECT e.event_key, e.actor_id, e.actor_org, e.credential_id, e.source_ip, e.time_us,
           t.record_type || '/' || t.record_id AS record
    FROM events e
    LEFT JOIN targets t ON e.event_key = t.event_key
    WHERE e.outcome = 'denied'
)
SELECT actor_id, actor_org, credential_id, source_ip, COUNT(DISTINCT event_key) AS events,
       COUNT(DISTINCT record) AS records, MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM refused
GROUP BY actor_id, actor_org, credential_id, source_ip
ORDER BY actor_id, actor_org, credential_id, source_ip
