-- question: Which events join an actor's organisation with another organisation?
-- playbook: cross-org access, unknown victims
-- parameters: none
-- columns: event_key, source_id, time_us, action, outcome, actor_org, other_org
WITH pairs AS (
    SELECT event_key, actor_org, log_org AS other_org
    FROM events
    WHERE actor_org <> '' AND log_org <> '' AND actor_org <> log_org
    UNION ALL
    SELECT e.event_key, e.actor_org, t.record_org AS other_org
    FROM events e
    JOIN targets t ON e.event_key = t.event_key
    WHERE e.actor_org <> '' AND t.record_org <> '' AND e.actor_org <> t.record_org
),
distinct_pairs AS (
    SELECT event_key, actor_org, other_org
    FROM pairs
    GROUP BY event_key, actor_org, other_org
)
SELECT e.event_key, e.source_id, e.time_us, e.action, e.outcome, p.actor_org, p.other_org
FROM distinct_pairs p
JOIN events e ON p.event_key = e.event_key
ORDER BY e.event_key, p.actor_org, p.other_org
