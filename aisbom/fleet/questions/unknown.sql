-- What is not known of each submission: gaps, and core parts without origin or licence
SELECT current.submission,
       (SELECT count(*) FROM gaps WHERE gaps.unit = current.unit) AS gaps,
       count(*) FILTER (components.country IN ('', 'ZZ')) AS core_without_origin,
       count(*) FILTER (components.licence = '') AS core_without_licence,
       count(components.ref) AS core
FROM current LEFT JOIN components
     ON components.unit = current.unit AND components.role = 'core'
WHERE current.state = 'done'
GROUP BY current.submission, current.unit
ORDER BY gaps DESC, core_without_origin DESC, submission
