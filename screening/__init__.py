"""From a file to the signals of harm in it, and from those signals to rows that people work on."""
