"""The system on one machine: real servers from PyPI, started and watched over by `make up` and by the tests."""
