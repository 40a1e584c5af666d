"""What a file is, told from its bytes alone as they come: pure, and never holding it whole."""
