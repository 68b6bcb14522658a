"""The reader of rich text (RTF): tokens, letters, stories and what is put into them."""
