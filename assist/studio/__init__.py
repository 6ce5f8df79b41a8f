"""Where editors work: drafts of guides, their review and publication, questions, and trials."""
