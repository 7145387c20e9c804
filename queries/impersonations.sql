-- question: Who acted as somebody else?
-- playbook: support access, abuse of impersonation
-- parameters: none
-- columns: actor_id, actor_type, actor_org, effective_actor_id, effective_actor_org, events, first_us, last_us
SELECT actor_id, actor_type, actor_org, effective_actor_id, effective_actor_org, COUNT(*) AS events,
       MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM events
WHERE effective_actor_id <> '' OR effective_actor_org <> ''
GROUP BY actor_id, actor_type, actor_org, effective_actor_id, effective_actor_org
ORDER BY actor_id, actor_type, actor_org, effective_actor_id, effective_actor_org
