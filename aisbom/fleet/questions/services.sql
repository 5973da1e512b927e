-- Hosted services that submissions use
SELECT components.name, components.organisation, components.country,
       count(DISTINCT current.submission) AS submissions,
       string_agg(DISTINCT current.submission, ', ' ORDER BY current.submission) AS names
FROM components JOIN current USING (unit)
WHERE components.kind = 'service'
GROUP BY ALL
ORDER BY submissions DESC, components.name
