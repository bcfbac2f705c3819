"""What people do not want to hear of for a while: asked for, holding back, ended, listed."""
