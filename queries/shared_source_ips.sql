-- question: Which addresses were used by actors of more than one organisation?
-- playbook: whom else did the intruder become; a lead, never a proof
-- parameters: none
-- columns: source_ip, actor_orgs, actors, events, first_us, last_us
SELECT source_ip, COUNT(DISTINCT actor_org) AS actor_orgs, COUNT(DISTINCT actor_id) AS actors, COUNT(*) AS events,
       MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM events
WHERE source_ip <> '' AND actor_org <> ''
GROUP BY source_ip
HAVING COUNT(DISTINCT actor_org) > 1
ORDER BY source_ip
