"""Who may do what: accounts of staff, employers, their systems and kiosks; their credentials, tokens and allowances."""
