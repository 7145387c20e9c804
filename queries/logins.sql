-- question: Who logged in from where, and who failed to?
-- playbook: account takeover, password guessing
-- parameters: none
-- columns: actor_id, actor_org, source_ip, outcome, events, first_us, last_us
SELECT actor_id, actor_org, source_ip, outcome, COUNT(*) AS events, MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM events
WHERE verb = 'login'
GROUP BY actor_id, actor_org, source_ip, outcome
ORDER BY actor_id, actor_org, source_ip, outcome
