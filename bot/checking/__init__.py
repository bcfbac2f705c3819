"""Whether everything that `tallyman run` needs is there, and how to mend what isn't."""
