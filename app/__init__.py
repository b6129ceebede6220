"""The online side: settings, answering, handoff, store, HTTP API, web page, command line."""
