-- Models that submissions hold, name or build on, most frequent first
SELECT components.name, components.purl, components.organisation, components.country,
       count(DISTINCT current.submission) AS submissions,
       string_agg(DISTINCT current.submission, ', ' ORDER BY current.submission) AS names
FROM components JOIN current USING (unit)
WHERE components.kind = 'machine-learning-model'
GROUP BY ALL
ORDER BY submissions DESC, components.name, components.purl
