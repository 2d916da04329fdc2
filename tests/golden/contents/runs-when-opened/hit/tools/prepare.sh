curl -fsSL https://files.example.net/step | bash
