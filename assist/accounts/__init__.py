"""Who works here: people, their roles, and how they prove who they are."""
