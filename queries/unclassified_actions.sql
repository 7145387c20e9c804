-- question: Which actions does the profile not know?
-- playbook: any; an unknown action blocks an exact answer
-- parameters: none
-- columns: action, outcome, events
SELECT action, outcome, COUNT(*) AS events
FROM events
WHERE verb = 'unclassified'
GROUP BY action, outcome
ORDER BY action, outcome
