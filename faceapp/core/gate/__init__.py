"""Stands between the network and Django: a client that is slow never holds a thread, nor a database connection."""
