-- What changed between a submission's last two rounds: changed, same, new, gone
WITH last AS (SELECT max(position) AS position FROM rounds),
now AS (SELECT entries.* FROM entries JOIN rounds USING (round), last
        WHERE rounds.position = last.position),
before AS (SELECT entries.* FROM entries JOIN rounds USING (round), last
           WHERE rounds.position = last.position - 1)
SELECT coalesce(now.submission, before.submission) AS submission,
       CASE WHEN before.submission IS NULL THEN 'new'
            WHEN now.submission IS NULL THEN 'gone'
            WHEN now.state <> 'done' OR before.state <> 'done' THEN 'not known: ' || coalesce(nullif(now.state, 'done'), before.state)
            WHEN a.tree IS NOT DISTINCT FROM b.tree THEN 'same'
            ELSE 'changed' END AS change,
       b.components AS components_before, a.components AS components_now,
       b.verdict AS verdict_before, a.verdict AS verdict_now
FROM now FULL JOIN before ON now.submission = before.submission
LEFT JOIN submissions a ON a.unit = now.unit
LEFT JOIN submissions b ON b.unit = before.unit
ORDER BY ALL
