"""Documents of people and packages (JSON with comments, TOML, the YAML of front matter) read as far as they can be."""
