-- question: In which sessions did one actor act, from where, until when?
-- playbook: compromised account
-- parameters: actor
-- columns: session_id, credential_id, source_ip, user_agent, events, denied, first_us, last_us
SELECT e.session_id, e.credential_id, e.source_ip, e.user_agent, COUNT(*) AS events,
       SUM(CASE WHEN e.outcome = 'denied' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS denied,
       MIN(e.time_us) AS first_us, MAX(e.time_us) AS last_us
FROM events e
JOIN params p ON e.actor_id = p.actor
GROUP BY e.session_id, e.credential_id, e.source_ip, e.user_agent
ORDER BY e.session_id, e.credential_id, e.source_ip, e.user_agent
