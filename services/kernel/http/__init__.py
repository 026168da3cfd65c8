"""HTTP for every service: one way to be admitted, to refuse, to page, to change safely, to tell one's health.

A service's api.py uses `require`/`public` (auth), RequestModel/ResponseModel (models), `problem_responses` (documentation),
`Page`, `Limit`, `Cursor` (paging), `etag`, `expected_version`, `not_modified` (preconditions), `idempotent_call`
(idempotency); its app.py makes a `Part` and `create_application` (application).
"""
