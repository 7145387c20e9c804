-- question: What was done with one credential?
-- playbook: leaked token
-- parameters: credential
-- columns: verb, outcome, source_ip, actor_id, events, first_us, last_us
SELECT e.verb, e.outcome, e.source_ip, e.actor_id, COUNT(*) AS events, MIN(e.time_us) AS first_us,
       MAX(e.time_us) AS last_us
FROM events e
JOIN params p ON e.credential_id = p.credential
GROUP BY e.verb, e.outcome, e.source_ip, e.actor_id
ORDER BY e.verb, e.outcome, e.source_ip, e.actor_id
