"""Pages we print: pure, data in, PDF out."""
