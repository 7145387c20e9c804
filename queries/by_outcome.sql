-- question: How many events ended how?
-- playbook: any
-- parameters: none
-- columns: outcome, events
SELECT outcome, COUNT(*) AS events
FROM events
GROUP BY outcome
ORDER BY outcome
