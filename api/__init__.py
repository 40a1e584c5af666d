"""HTTP for machines: thin routes that translate, call one thing, and read."""
