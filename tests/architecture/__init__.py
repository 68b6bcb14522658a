"""The rules of the house as tests: layers, sizes, words, papers and licences."""
