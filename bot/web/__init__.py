"""HTTP in, HTTP out. A view verifies, parses, calls one service and answers."""
