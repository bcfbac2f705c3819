"""Judges what changed or came due. A judgement, its cases and the words they owe are one
transaction; killed in the middle, it has not happened and is still due."""
