-- question: Which credentials were first seen at or after a time?
-- playbook: persistence; keys that an intruder made or brought
-- parameters: from_us
-- columns: credential_id, actors, actor_orgs, events, first_us, last_us
WITH seen AS (
    SELECT credential_id, COUNT(DISTINCT actor_id) AS actors, COUNT(DISTINCT actor_org) AS actor_orgs,
           COUNT(*) AS events, MIN(time_us) AS first_us, MAX(time_us) AS last_us
    FROM events
    WHERE credential_id <> '' AND time_known
    GROUP BY credential_id
)
SELECT s.credential_id, s.actors, s.actor_orgs, s.events, s.first_us, s.last_us
FROM seen s
CROSS JOIN params p
WHERE s.first_us >= CAST(p.from_us AS BIGINT)
ORDER BY s.credential_id
