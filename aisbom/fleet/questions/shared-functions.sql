-- Pairs of submissions with identical functions that few have, known projects left out
WITH held AS (SELECT DISTINCT current.submission, functions.hash, functions.renamed
              FROM functions JOIN current USING (unit)
              WHERE functions.tokens >= 30 AND NOT functions.known),
rare AS (SELECT hash, renamed FROM held GROUP BY ALL HAVING count(*) BETWEEN 2 AND 8)
SELECT a.submission AS a, b.submission AS b, count(*) AS functions
FROM held a JOIN rare USING (hash, renamed) JOIN held b USING (hash, renamed)
WHERE a.submission < b.submission
GROUP BY ALL
ORDER BY functions DESC, a, b
