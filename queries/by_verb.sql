-- question: How many events did what?
-- playbook: any
-- parameters: none
-- columns: verb, events
SELECT verb, COUNT(*) AS events
FROM events
GROUP BY verb
ORDER BY verb
