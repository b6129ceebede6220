"""What a machine's text must be like before a visitor sees it: grounded in what people wrote."""
