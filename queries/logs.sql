-- question: Whose logs does the evidence hold, from when until when?
-- playbook: any; the coverage behind an answer
-- parameters: none
-- columns: log_org, events, first_us, last_us
SELECT log_org, COUNT(*) AS events, MIN(time_us) AS first_us, MAX(time_us) AS last_us
FROM events
GROUP BY log_org
ORDER BY log_org
