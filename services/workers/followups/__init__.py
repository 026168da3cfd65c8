"""Following up: contacts with workers, who looks after whom, what is due and what is overdue."""
