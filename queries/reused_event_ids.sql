-- question: Which event ids stand for several events of one log?
-- playbook: a log that contradicts itself, or was changed
-- parameters: none
-- columns: log_org, source_id, events, contents, first_us, last_us
SELECT log_org, source_id, COUNT(*) AS events, COUNT(DISTINCT content_hash) AS contents, MIN(time_us) AS first_us,
       MAX(time_us) AS last_us
FROM events
WHERE source_id <> ''
GROUP BY log_org, source_id
HAVING COUNT(*) > 1
ORDER BY log_org, source_id
