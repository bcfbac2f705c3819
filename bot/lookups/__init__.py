"""What people ask for: found as they name it, within what they may see."""
