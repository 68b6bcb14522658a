"""`python -m webapp` is the same as `salient`."""

from webapp.cli import main

if __name__ == "__main__":
    main(prog_name="salient")
