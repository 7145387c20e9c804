-- question: Which credentials were used by more than one actor?
-- playbook: leaked token, account takeover
-- parameters: none
-- columns: credential_id, actors, actor_orgs, source_ips, events, first_us, last_us
SELECT credential_id, COUNT(DISTINCT actor_id) AS actors, COUNT(DISTINCT actor_org) AS actor_orgs,
       COUNT(DISTINCT source_ip) AS source_ips, COUNT(*) AS events, MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM events
WHERE credential_id <> '' AND actor_id <> ''
GROUP BY credential_id
HAVING COUNT(DISTINCT actor_id) > 1
ORDER BY credential_id
