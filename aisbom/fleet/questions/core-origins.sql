-- Where the core of each submission comes from: its parts by country, unknown ones too
SELECT current.submission, coalesce(nullif(components.country, ''), 'ZZ') AS country,
       count(*) AS parts, string_agg(components.name, ', ' ORDER BY components.name) AS names
FROM components JOIN current USING (unit)
WHERE components.role = 'core'
GROUP BY ALL
ORDER BY ALL
