"""What networks say of a face's pictures. Classifiers stand side by side and know nothing of one another.

A new one is one file here, one entry in `models/registry.py` and one line in `analysis/networks.py`.
"""
