-- question: Which records were deleted, or may have been?
-- playbook: destruction; what to restore
-- parameters: none
-- columns: record_type, record_id, actor_id, outcome, events, first_us, last_us
SELECT t.record_type, t.record_id, e.actor_id, e.outcome, COUNT(*) AS events, MIN(e.time_us) AS first_us,
       MAX(e.time_us) AS last_us
FROM events e
JOIN targets t ON e.event_key = t.event_key
WHERE t.class = 'deleted' AND (e.outcome IN ('success', 'unknown') OR COALESCE(e.http_status, 0) >= 500)
GROUP BY t.record_type, t.record_id, e.actor_id, e.outcome
ORDER BY t.record_type, t.record_id, e.actor_id, e.outcome
