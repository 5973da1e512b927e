-- Pairs of checkpoints with tensors of equal values that could be evidence
WITH held AS (SELECT DISTINCT current.submission, tensors.path, tensors.multiset, tensors.numel
              FROM tensors JOIN current USING (unit)
              WHERE tensors.why_not = '' AND tensors.multiset IS NOT NULL)
SELECT a.submission AS a, a.path AS a_path, b.submission AS b, b.path AS b_path,
       count(*) AS tensors, sum(a.numel)::BIGINT AS parameters
FROM held a JOIN held b USING (multiset)
WHERE (a.submission, a.path) < (b.submission, b.path)
GROUP BY ALL
ORDER BY tensors DESC, a, a_path, b, b_path
