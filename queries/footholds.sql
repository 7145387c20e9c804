-- question: Who made keys, tokens, members, roles or webhooks, and for whom?
-- playbook: persistence
-- parameters: none
-- columns: event_key, source_id, time_us, log_org, actor_id, actor_org, action, record_type, record_id, record_org
SELECT e.event_key, e.source_id, e.time_us, e.log_org, e.actor_id, e.actor_org, e.action, t.record_type, t.record_id,
       t.record_org
FROM events e
JOIN targets t ON e.event_key = t.event_key
WHERE e.outcome = 'success'
  AND ((e.verb = 'create'
        AND (t.record_type LIKE '%key%' OR t.record_type LIKE '%token%' OR t.record_type LIKE '%credential%'
             OR t.record_type LIKE '%invit%' OR t.record_type LIKE '%webhook%' OR t.record_type LIKE '%user%'))
       OR (e.verb IN ('create', 'update') AND (t.record_type LIKE '%member%' OR t.record_type LIKE '%role%')))
ORDER BY e.event_key, t.record_type, t.record_id, t.record_org
