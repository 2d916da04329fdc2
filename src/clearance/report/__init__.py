"""Renderers: terminal, JSON, SARIF and HTML. Values in, text out."""
