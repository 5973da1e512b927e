-- The score of each submission under the catalogue's profile, as intervals
SELECT current.submission, scores.profile, scores.home, scores.verdict, scores.coverage,
       max(CASE WHEN role = 'core' THEN low END) AS core_low,
       max(CASE WHEN role = 'core' THEN high END) AS core_high,
       max(CASE WHEN role = 'overall' THEN low END) AS overall_low,
       max(CASE WHEN role = 'overall' THEN high END) AS overall_high
FROM scores JOIN current USING (unit)
WHERE scores.leg = ''
GROUP BY ALL
ORDER BY core_low DESC, core_high DESC, submission
