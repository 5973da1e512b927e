-- Which submissions hold parts of WORD (a name, an organisation, a purl), with a place
SELECT current.submission, components.role, components.class, components.name,
       components.organisation, components.country, components.purl, components.path
FROM components JOIN current USING (unit)
WHERE contains(lower(components.name), lower($word))
   OR contains(lower(components.organisation), lower($word))
   OR contains(lower(components.purl), lower($word))
   OR contains(lower(components.code_from), lower($word))
ORDER BY ALL
