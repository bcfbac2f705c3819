"""What Tallyman would have said, had it run while a recorded history happened."""
