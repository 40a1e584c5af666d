"""The foreign systems, spoken over their real protocols: separate processes, for development and tests."""
