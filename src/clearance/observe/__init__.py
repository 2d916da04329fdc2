"""The eyes: traces and files to facts. They decide nothing."""
