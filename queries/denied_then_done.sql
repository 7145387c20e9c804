-- question: Which records did an actor reach after being refused there?
-- playbook: privilege escalation, a hole found by trying
-- parameters: none
-- columns: actor_id, record_type, record_id, refusals, first_denied_us, successes, last_success_us
WITH tries AS (
    SELECT e.actor_id, t.record_type, t.record_id, e.time_us,
           CASE WHEN e.outcome = 'denied' THEN e.time_us END AS denied_us,
           CASE WHEN e.outcome = 'success' THEN e.time_us END AS success_us
    FROM events e
    JOIN targets t ON e.event_key = t.event_key
    WHERE e.actor_id <> '' AND e.time_known AND e.outcome IN ('denied', 'success')
),
by_record AS (
    SELECT actor_id, record_type, record_id, COUNT(denied_us) AS refusals, MIN(denied_us) AS first_denied_us,
           COUNT(success_us) AS successes, MAX(success_us) AS last_success_us
    FROM tries
    GROUP BY actor_id, record_type, record_id
)
SELECT actor_id, record_type, record_id, refusals, first_denied_us, successes, last_success_us
FROM by_record
WHERE refusals > 0 AND successes > 0 AND last_success_us > first_denied_us
ORDER BY actor_id, record_type, record_id
