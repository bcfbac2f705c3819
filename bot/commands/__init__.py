"""What is typed after `tallyman`: a module a command, imported only so far that --help is quick."""
