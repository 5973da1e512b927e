-- How each requirement of the profile came out, over all submissions
SELECT requirements.requirement, requirements.severity,
       count(*) FILTER (verdict = 'pass') AS pass,
       count(*) FILTER (verdict = 'fail') AS fail,
       count(*) FILTER (verdict = 'unknown') AS unknown,
       string_agg(current.submission, ', ' ORDER BY current.submission)
           FILTER (verdict = 'fail') AS failing
FROM requirements JOIN current USING (unit)
GROUP BY ALL
ORDER BY ALL
