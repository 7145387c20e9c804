-- question: How many events of each kind did one actor cause in each hour?
-- playbook: when did it begin, and is it still going on
-- parameters: actor
-- columns: hour_us, verb, outcome, events
WITH hours AS (
    SELECT e.time_us - e.time_us % 3600000000 AS hour_us, e.verb, e.outcome
    FROM events e
    JOIN params p ON e.actor_id = p.actor
    WHERE e.time_known AND e.time_us >= 0
)
SELECT hour_us, verb, outcome, COUNT(*) AS events
FROM hours
GROUP BY hour_us, verb, outcome
ORDER BY hour_us, verb, outcome
