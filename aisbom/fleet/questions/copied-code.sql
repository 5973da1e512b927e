-- Code that comes from a known project, and whether that project is still credited
SELECT current.submission, components.path, components.code_from, components.role,
       max(CASE WHEN claims.attribute = 'attribution' THEN claims.value END) AS attribution
FROM components JOIN current USING (unit)
LEFT JOIN claims ON claims.unit = components.unit AND claims.subject = components.ref
WHERE components.code_from <> ''
GROUP BY ALL
ORDER BY ALL
