-- question: Which actions across organisations stand in one log only?
-- playbook: a log that lacks what the other one tells
-- parameters: none
-- columns: request_id, action, log_org, other_org, actor_id, events
WITH crossing AS (
    SELECT e.event_key, e.request_id, e.action, e.log_org, e.actor_org AS other_org, e.actor_id
    FROM events e
    WHERE e.request_id <> '' AND e.log_org <> '' AND e.actor_org <> '' AND e.actor_org <> e.log_org
    UNION ALL
    SELECT e.event_key, e.request_id, e.action, e.log_org, t.record_org AS other_org, e.actor_id
    FROM events e
    JOIN targets t ON e.event_key = t.event_key
    WHERE e.request_id <> '' AND e.log_org <> '' AND t.record_org <> '' AND t.record_org <> e.log_org
),
logs AS (
    SELECT request_id, action, COUNT(DISTINCT log_org) AS logs
    FROM events
    WHERE request_id <> '' AND log_org <> ''
    GROUP BY request_id, action
)
SELECT c.request_id, c.action, c.log_org, c.other_org, c.actor_id, COUNT(DISTINCT c.event_key) AS events
FROM crossing c
JOIN logs l ON c.request_id = l.request_id AND c.action = l.action
WHERE l.logs = 1
GROUP BY c.request_id, c.action, c.log_org, c.other_org, c.actor_id
ORDER BY c.request_id, c.action, c.log_org, c.other_org, c.actor_id
