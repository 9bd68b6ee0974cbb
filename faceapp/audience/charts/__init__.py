"""Charts: figures as Plotly specs with their words, tables and links."""
