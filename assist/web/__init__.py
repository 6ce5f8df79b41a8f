"""The pages, the JSON API and the event sockets: they read the journal and pass commands on."""
