"""What a release holds, read without running anything: bytes of its parts to facts."""
