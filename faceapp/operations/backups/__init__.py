"""Backups: one file with the rows and files of one moment, and hashes of all of it."""
