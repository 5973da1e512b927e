-- Pairs of submissions with identical files that few others have (1 kB or more, in 8 or fewer)
WITH held AS (SELECT DISTINCT current.submission, files.sha256, files.size
              FROM files JOIN current USING (unit)
              WHERE files.size >= 1000 AND files.sha256 <> ''),
rare AS (SELECT sha256 FROM held GROUP BY sha256 HAVING count(*) BETWEEN 2 AND 8)
SELECT a.submission AS a, b.submission AS b, count(*) AS files, sum(a.size)::BIGINT AS bytes
FROM held a JOIN rare USING (sha256) JOIN held b USING (sha256)
WHERE a.submission < b.submission
GROUP BY ALL
ORDER BY files DESC, bytes DESC, a, b
